#if CLI && SQLite && Server
  import Configuration

  /// What a server can be told, and by what name: as a flag, in the environment, in a file.
  ///
  /// `tls.certificate` is `--tls-certificate`, `MODELGATE_TLS_CERTIFICATE` and
  /// `{"tls": {"certificate": …}}`. A flag beats the environment, and the environment beats the file.
  struct ServeSetting: Sendable {
    /// What its value is.
    enum Kind: Sendable {
      case text
      case whole(ClosedRange<Int>)
      case toggle
      case list
    }

    let key: String
    let kind: Kind
    let about: String

    init(_ key: String, _ kind: Kind, _ about: String) {
      (self.key, self.kind, self.about) = (key, kind, about)
    }

    /// The name in the environment.
    var variable: String {
      "MODELGATE_" + key.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }

    private static let seconds = Kind.whole(1...86_400)

    /// All of them, in the order of the documents.
    static let all: [ServeSetting] = [
      .init("listen", .text, "Address and port, as HOST:PORT; port 0 for any that is free."),
      .init("policies", .text, "Folder of rule files."),
      .init("data", .text, "The registry's file."),
      .init("activate", .toggle, "Put the policies in force if the registry is under others."),
      .init("users", .text, "The users file."),
      .init("keys", .text, "The file of API keys."),
      .init("entities", .text, "File or folder with attributes of subjects and resources."),
      .init(
        "users_as_subjects", .toggle,
        "AuthZEN's subjects of type user that no entity file has are users of the users file."),
      .init("public_url", .text, "The https URL by which others know this server, for metadata."),
      .init("allow_plain_http", .toggle, "Listen without TLS at other addresses than loopback."),
      .init("tls.certificate", .text, "Certificate chain (PEM)."),
      .init("tls.key", .text, "Private key (PEM)."),
      .init("tls.client_authorities", .text, "Who may vouch for client certificates (PEM)."),
      .init("tls.demand_client_certificate", .toggle, "Turn away clients without a certificate."),
      .init("anonymous.roles", .list, "Let callers without credentials in, with these roles."),
      .init("tokens.issuer", .text, "Whose signed tokens (JWT) are believed."),
      .init("tokens.audiences", .list, "For whom tokens must be."),
      .init("tokens.algorithms", .list, "How tokens may be signed, such as RS256,ES256."),
      .init("tokens.key_set", .text, "The issuer's public keys (JWKS), a file."),
      .init("tokens.clock_skew", .whole(0...60), "Seconds that clocks may differ."),
      .init("tokens.name_claim", .text, "The claim with the user's name. (default: sub)"),
      .init("tokens.roles_claim", .text, "The claim with roles."),
      .init("tokens.backend_roles_claim", .text, "The claim with backend roles."),
      .init("tokens.full_name_claim", .text, "The claim with the name for people."),
      .init("certificates.users", .list, "Users by certificate, each as URI:…=NAME or DNS:…=NAME."),
      .init(
        "certificates.super_admins", .list, "Certificates of administrators, as URI:… or DNS:…."),
      .init("inference.url", .text, "Where `_infer` is forwarded to once it has passed the gate."),
      .init("log.level", .text, "trace, debug, info, notice, warning, error or critical."),
      .init("log.format", .text, "text or json."),
      .init("log.heads", .text, "File to append signed heads of the decision log to."),
      .init("log.key", .text, "Key that signs them."),
      .init("log.head_seconds", seconds, "How often a head is signed."),
      .init("log.masks", .list, "Fields that are not written to the decision log."),
      .init(
        "log.reads_in_flight", .whole(0...256), "Reads answered before their record is durable."),
      .init("limits.body_bytes", .whole(1_024...1 << 30), "Largest body, uncompressed."),
      .init("limits.header_bytes", .whole(1_024...1 << 20), "Largest header."),
      .init("limits.header_fields", .whole(10...1_000), "Most header fields."),
      .init("limits.connections", .whole(1...1_000_000), "Most connections; more wait."),
      .init("limits.requests", .whole(1...100_000), "Most requests at once; more get status 429."),
      .init("limits.idle_seconds", seconds, "Silence of a connection, and time for a header."),
      .init("limits.body_seconds", seconds, "Time for a body to come in."),
      .init("limits.answer_seconds", seconds, "Time for an answer to be found."),
      .init("limits.reading_seconds", seconds, "Time for an answer to be read."),
      .init("limits.shutdown_seconds", seconds, "Time for what is going on to end."),
    ]
  }

  /// What was said about a server, by whoever beats the others.
  struct ServeSettings: Sendable {
    private let reader: ConfigReader

    /// Settings from flags, the environment and the values of a file.
    init(flags: [String: String], file: [String: String]) {
      func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        InMemoryProvider(
          name: name,
          values: Dictionary(
            uniqueKeysWithValues: values.map { key, value in
              (
                AbsoluteConfigKey(key.split(separator: ".").map(String.init)),
                .init(.string(value), isSecret: false)
              )
            }))
      }
      reader = ConfigReader(providers: [
        provider("flags", flags), EnvironmentVariablesProvider().prefixKeys(with: "modelgate"),
        provider("file", file),
      ])
    }

    subscript(key: String) -> String? {
      guard let value = reader.string(forKey: ConfigKey(key)), !value.isEmpty else { return nil }
      return value
    }

    func list(_ key: String) -> [String]? {
      self[key].map { $0.split(separator: ",").map(String.init) }
    }

    /// - Throws: `Finding.Failure` for a value that is not a whole number in its range.
    func whole(_ key: String) throws(SettingFault) -> Int? {
      guard let text = self[key] else { return nil }
      guard let setting = ServeSetting.all.first(where: { $0.key == key }),
        case .whole(let range) = setting.kind
      else { return nil }
      guard let value = Int(text), range.contains(value) else {
        throw SettingFault(
          key,
          "`\(key)` must be a whole number from \(range.lowerBound) to \(range.upperBound), this is `\(text)`"
        )
      }
      return value
    }

    func toggle(_ key: String) throws(SettingFault) -> Bool {
      switch self[key] {
      case nil, "false": return false
      case "true": return true
      case let text?: throw SettingFault(key, "`\(key)` must be true or false, this is `\(text)`")
      }
    }
  }

  /// What is wrong with a setting.
  struct SettingFault: Error {
    let key: String
    let message: String
    var help: String?

    init(_ key: String, _ message: String, help: String? = nil) {
      (self.key, self.message, self.help) = (key, message, help)
    }

    var finding: Finding {
      let setting = ServeSetting.all.first { $0.key == key }
      return Finding(
        "setting", message,
        help: help
          ?? setting.map { "it is set by `\(key)` in the file or by \($0.variable): \($0.about)" })
    }
  }
#endif
