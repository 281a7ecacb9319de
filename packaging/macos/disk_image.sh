#!/usr/bin/env bash
# The macOS disk image: signed, notarised and stapled where the names below are set; else as it is, for this computer.
# NOT VERIFIED HERE: needs macOS; .github/workflows/packages.yml runs it without an identity.
#
#   MUSICAPI_CODESIGN_IDENTITY   "Developer ID Application: …" in the keychain; also read when the app is frozen
#   MUSICAPI_NOTARY_PROFILE      a profile of: xcrun notarytool store-credentials
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$1
app="dist/MusicAPI Desktop.app"
image="dist/musicapi-desktop-$version.dmg"

if [ -n "${MUSICAPI_CODESIGN_IDENTITY:-}" ]; then
    codesign --force --deep --timestamp --options runtime --entitlements packaging/macos/entitlements.plist \
        --sign "$MUSICAPI_CODESIGN_IDENTITY" "$app"
    codesign --verify --deep --strict "$app"
fi

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
hdiutil create -volname "MusicAPI Desktop" -srcfolder "$stage" -ov -format UDZO "$image"

if [ -n "${MUSICAPI_NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$MUSICAPI_NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
echo "$image"
