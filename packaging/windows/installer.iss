; The Windows installer, for Inno Setup 6. NOT VERIFIED HERE: needs Windows; .github/workflows/packages.yml builds it.
; Built by packaging/package.py: iscc /DVersion=… /DProgram=…\dist\musicapi-desktop /O…\dist installer.iss
; Set SignTool=… on the command line of a release (iscc "/Ssign=signtool sign …" /DSign) to sign setup and program.

[Setup]
; never change: Windows knows the app by it when it is updated or removed
AppId={{6E1B1F0C-6B3B-4E0A-9E5C-2D8A3C0C7F51}
AppName=MusicAPI Desktop
AppVersion={#Version}
AppPublisher=The MusicAPI Desktop authors
AppPublisherURL=https://musicapi.ai
DefaultDirName={autopf}\MusicAPI Desktop
DefaultGroupName=MusicAPI Desktop
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
OutputBaseFilename=musicapi-desktop-{#Version}-setup
SetupIconFile=..\..\build\icons\app.ico
UninstallDisplayIcon={app}\musicapi-desktop.exe
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes
#ifdef Sign
SignTool=sign
SignedUninstaller=yes
#endif

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Files]
Source: "{#Program}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[InstallDelete]
; files of the version before that this one has no more
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\MusicAPI Desktop"; Filename: "{app}\musicapi-desktop.exe"
Name: "{autodesktop}\MusicAPI Desktop"; Filename: "{app}\musicapi-desktop.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\musicapi"; ValueType: string; ValueData: "URL:MusicAPI Desktop"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\musicapi"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\musicapi\shell\open\command"; ValueType: string; ValueData: """{app}\musicapi-desktop.exe"" ""%1"""

[Run]
Filename: "{app}\musicapi-desktop.exe"; Description: "{cm:LaunchProgram,MusicAPI Desktop}"; Flags: nowait postinstall skipifsilent
; The person's music, library, settings and keys are not touched when the app is removed.
