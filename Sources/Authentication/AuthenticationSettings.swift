#if Server
  /// How a site finds out who is calling.
  public struct AuthenticationSettings: Sendable {
    /// Milliseconds since the Unix epoch.
    public typealias Clock = @Sendable () -> Int64

    /// A caller without credentials, as far as a site lets such callers in.
    public struct Anonymous: Hashable, Sendable {
      /// What policies know as `subject.id`.
      public var name: String
      /// Roles of such callers.
      public var roles: [String]
      /// Backend roles of such callers.
      public var backendRoles: [String]

      /// An anonymous caller from its parts.
      public init(name: String = "anonymous", roles: [String] = [], backendRoles: [String] = []) {
        (self.name, self.roles, self.backendRoles) = (name, roles, backendRoles)
      }
    }

    /// The file of users. It must be there.
    public var usersFile: String
    /// The file of API keys; nil if there are none. It may be missing until the first key is made.
    public var keysFile: String?
    /// Which tokens are believed; nil for none.
    public var tokens: TokenSettings?
    /// Users by a name in their verified certificate: `URI:spiffe://site/alice`, `DNS:…`, `email:…`.
    /// Common names are never looked at.
    public var certificates: [String: String]
    /// Names in the certificates of administrators, who are no users to model groups.
    public var superAdmins: Set<String>
    /// What callers without credentials are; nil if they are not let in.
    public var anonymous: Anonymous?
    /// What time it is.
    public var clock: Clock

    /// Settings: users with passwords alone, unless more is said.
    public init(
      usersFile: String, keysFile: String? = nil, tokens: TokenSettings? = nil,
      certificates: [String: String] = [:], superAdmins: Set<String> = [],
      anonymous: Anonymous? = nil, clock: @escaping Clock
    ) {
      (self.usersFile, self.keysFile, self.tokens) = (usersFile, keysFile, tokens)
      (self.certificates, self.superAdmins) = (certificates, superAdmins)
      (self.anonymous, self.clock) = (anonymous, clock)
    }

    /// Where API keys are kept if nothing else is said.
    public static func keysFile(beside usersFile: String) -> String {
      let folder = usersFile.lastIndex(of: "/").map { usersFile[...$0] } ?? ""
      return folder + "api-keys.json"
    }

    /// - Throws: `FileFault` for settings that can't be meant.
    func check() throws(FileFault) {
      for name in superAdmins.union(certificates.keys) {
        let kinds = ["URI:", "DNS:", "email:"]
        guard kinds.contains(where: { name.hasPrefix($0) && name.count > $0.count }) else {
          throw FileFault(
            "invalid-settings", "`\(name)` is no name of a certificate",
            help: "it begins with `URI:`, `DNS:` or `email:`; common names are not believed")
        }
        if superAdmins.contains(name), certificates[name] != nil {
          throw FileFault(
            "invalid-settings", "`\(name)` is both a user's certificate and an administrator's")
        }
      }
      if let anonymous, let fault = Naming.userFault(anonymous.name) {
        throw FileFault(
          "invalid-settings", "`\(anonymous.name)` can't be an anonymous caller's name: \(fault)")
      }
    }
  }
#endif
