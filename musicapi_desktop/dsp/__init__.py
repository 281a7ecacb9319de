"""Pure numpy functions shared by audio/ and offline/: file blocks, loudness, true peak, resampling, peaks, dither."""
