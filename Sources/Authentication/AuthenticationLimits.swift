#if Server
  /// Limits of what is taken from files and callers. Each has a test on either side of it.
  public enum AuthenticationLimits {
    /// Largest file of users or API keys, in bytes.
    public static let fileBytes = 16 << 20
    /// Most users in a file.
    public static let users = 20_000
    /// Most API keys in a file, revoked and expired ones included.
    public static let keys = 20_000
    /// Most API keys of one user that work, as far as the user makes them over the wire.
    public static let keysPerOwner = 1_000
    /// Longest name of a user, a role or a key, in bytes.
    public static let nameBytes = 512
    /// Most names in one list of a user or a key.
    public static let namesPerList = 256
    /// Most attributes of a user.
    public static let attributes = 64
    /// Seconds between two looks whether a file has changed.
    public static let secondsBetweenLooks = 1
    /// Seconds to wait for another process that is changing a file.
    public static let lockSeconds = 5

    /// Longest password, in bytes.
    public static let passwordBytes = 1_024
    /// Shortest password that is set, in bytes. Shorter ones that other systems have set are checked.
    public static let shortestPassword = 8
    /// Cost of scrypt in a hash that is read: the binary logarithm of its number of rounds.
    public static let scryptCosts = 10...20
    /// Block sizes of scrypt.
    public static let scryptBlockSizes = 1...16
    /// Parallelism of scrypt.
    public static let scryptParallelism = 1...4
    /// Most memory that one hash may ask for, in bytes.
    public static let scryptMemory = 256 << 20
    /// Bytes of a salt.
    public static let saltBytes = 8...64
    /// Bytes of a hash.
    public static let hashBytes = 16...64
    /// Cost of bcrypt in a hash that is read.
    public static let bcryptCosts = 4...14

    /// Passwords that are hashed at once.
    public static let hashesAtOnce = 2
    /// Passwords that may wait for being hashed.
    public static let waitingHashes = 32
    /// Passwords that may wait from one address.
    public static let waitingHashesPerAddress = 8
    /// Users whose last good password is remembered.
    public static let cachedPasswords = 1_000
    /// Seconds for which a good password is remembered.
    public static let cacheSeconds = 300

    /// Failed attempts of one user from one address that cost nothing.
    public static let freeAttempts = 5
    /// Failed attempts from one address that cost nothing.
    public static let freeAttemptsPerAddress = 50
    /// Longest time to wait after a failed attempt of one user from one address, in seconds.
    public static let longestDelay = 300
    /// Longest time to wait after a failed attempt from one address, in seconds.
    public static let longestAddressDelay = 30
    /// Seconds after which failed attempts are forgotten.
    public static let attemptSeconds = 900
    /// Entries of a table of failed attempts.
    public static let attemptEntries = 10_000

    /// Longest credentials in a header, in bytes.
    public static let credentialBytes = 8_192
    /// Deepest nesting of a token's claims.
    public static let tokenDepth = 16
    /// Most values in a token's claims.
    public static let tokenValues = 1_000
    /// Most seconds by which clocks may differ.
    public static let clockSkew = 60
    /// Largest file of a token issuer's keys, in bytes.
    public static let keySetBytes = 1 << 20
    /// Most keys of a token issuer.
    public static let keySetKeys = 100
  }
#endif
