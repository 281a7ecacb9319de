"""Sound outputs: pulse, portaudio and the null clock, behind one protocol."""
