edgewise cloud device add "Test car"     # its credential, printed once; for all models
edgewise cloud device list
