#if CLI && SQLite && Server
  import ArgumentParser

  /// `modelgate serve`
  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Serve a registry over HTTP, behind the gate.",
      discussion: """
        Speaks the model and alias APIs of Elasticsearch, the model-group APIs of OpenSearch, AuthZEN 1.0 \
        and its own API under /_modelgate/. The official clients work as they are.

        The first start makes a user `admin` and prints its password once. One line on standard \
        output says when requests are answered; logs go to standard error.

        EXAMPLES
          modelgate serve
          modelgate serve --listen 127.0.0.1:0 --policies policies --data models.db
          modelgate serve --listen 0.0.0.0:9200 --tls-certificate chain.pem --tls-key key.pem

        SETTINGS
          Every setting is a flag or MODELGATE_… in the environment, and all can be in a JSON file \
        (--config, see `modelgate serve --print-settings`). A flag beats the environment, and the \
        environment beats the file.

        SIGNALS
          HUP loads the policies anew; TERM and INT finish what is going on and end.
        """)

    @Option(help: ArgumentHelp("A JSON file of settings.", valueName: "file"), completion: .file())
    var config: String?

    @Option(
      help: ArgumentHelp("Where to listen. (default: 127.0.0.1:9200)", valueName: "host:port"))
    var listen: String?

    @Option(
      help: ArgumentHelp("Folder of rule files. (default: policies)", valueName: "dir"),
      completion: .directory)
    var policies: String?

    @Option(
      help: ArgumentHelp("The registry's file. (default: modelgate.db)", valueName: "file"),
      completion: .file())
    var data: String?

    @Option(
      help: ArgumentHelp("The users file. (default: modelgate-users.json)", valueName: "file"),
      completion: .file())
    var users: String?

    @Option(
      help: ArgumentHelp(
        "The file of API keys. (default: api-keys.json beside the users)", valueName: "file"),
      completion: .file())
    var keys: String?

    @Option(
      name: [.customLong("tls-certificate"), .customLong("tls-cert")],
      help: ArgumentHelp("Certificate chain (PEM).", valueName: "file"), completion: .file())
    var certificate: String?

    @Option(
      name: .customLong("tls-key"), help: ArgumentHelp("Private key (PEM).", valueName: "file"),
      completion: .file())
    var key: String?

    @Option(
      name: .customLong("tls-client-authorities"),
      help: ArgumentHelp("Who may vouch for client certificates (PEM).", valueName: "file"),
      completion: .file())
    var clientAuthorities: String?

    @Flag(help: "Listen without TLS at other addresses than loopback.")
    var allowPlainHTTP = false

    @Flag(help: "Put the policies in force if the registry is under others.")
    var activate = false

    @Option(
      help: ArgumentHelp("trace, debug, info, notice, warning or error.", valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var logFormat: String?

    @Option(
      name: .customLong("set"),
      help: ArgumentHelp("Any other setting, such as limits.requests=100.", valueName: "key=value"))
    var others: [String] = []

    @Flag(help: "List all settings, with their names in the environment, and end.")
    var printSettings = false

    /// What the flags say, by the settings' keys.
    private var flags: [String: String] {
      var values: [String: String] = [:]
      for (key, value) in [
        ("listen", listen), ("policies", policies), ("data", data), ("users", users),
        ("keys", keys), ("tls.certificate", certificate), ("tls.key", key),
        ("tls.client_authorities", clientAuthorities), ("log.level", logLevel),
        ("log.format", logFormat),
      ] {
        values[key] = value
      }
      if allowPlainHTTP { values["allow_plain_http"] = "true" }
      if activate { values["activate"] = "true" }
      for other in others {
        let sides = other.split(separator: "=", maxSplits: 1).map(String.init)
        values[sides[0]] = sides[1]
      }
      return values
    }

    func validate() throws {
      for other in others {
        let sides = other.split(separator: "=", maxSplits: 1).map(String.init)
        guard sides.count == 2 else {
          throw ValidationError("--set takes KEY=VALUE, not `\(other)`.")
        }
        guard ServeSetting.all.contains(where: { $0.key == sides[0] }) else {
          throw ValidationError(
            "There is no setting `\(sides[0])`; `modelgate serve --print-settings` lists them.")
        }
      }
    }

    func run() async throws {
      let console = Console()
      if printSettings {
        for setting in ServeSetting.all {
          console.line("\(setting.key)\n    \(setting.about)\n    \(setting.variable)")
        }
        console.flush()
        return
      }
      let settings = ServeSettings(flags: flags, file: try read(console))
      do {
        try await ServeRun(settings, console).run()
      } catch let fault as SettingFault {
        throw end([fault.finding], console)
      }
    }

    private func read(_ console: Console) throws -> [String: String] {
      guard let config else { return [:] }
      var bytes: [UInt8] = []
      do throws(System.Refusal) {
        let file = try InputFile(config)
        while try file.read(64 << 10, onto: &bytes) > 0, bytes.count <= 1 << 20 {}
      } catch {
        throw end([Finding("not-readable", "can't read `\(config)`: \(error.message)")], console)
      }
      let file = SettingsFile(bytes, path: config)
      guard file.findings.isEmpty else { throw end(file.findings, console) }
      return file.values
    }

    private func end(_ findings: [Finding], _ console: Console) -> ExitCode {
      console.report(findings, as: .text, pretty: false)
      console.flush()
      return ExitCode(Status.unusable)
    }
  }
#endif
