#if Signing
  import Crypto
#endif
