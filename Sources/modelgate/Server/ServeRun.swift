#if CLI && SQLite && Server
  import Authentication
  import GateServer
  import HTTPTransport
  import Logging
  import ModelRegistry
  import PolicyEngine
  import PolicyGate
  import SQLiteStore
  import ServiceLifecycle
  import UnixSignals

  /// One run of the server, from its settings to its end.
  struct ServeRun {
    let settings: ServeSettings
    private let console: Console
    private let logger: Logger

    init(_ settings: ServeSettings, _ console: Console) throws(SettingFault) {
      (self.settings, self.console) = (settings, console)
      let name = settings["log.level"] ?? "notice"
      guard let level = Logger.Level(rawValue: name) else {
        throw SettingFault("log.level", "`\(name)` is no level of a log")
      }
      let format = settings["log.format"] ?? "text"
      guard format == "text" || format == "json" else {
        throw SettingFault("log.format", "a log is written as text or json, not as `\(format)`")
      }
      logger = ServerLog.logger(level: level, isJSON: format == "json")
    }

    func run() async throws {
      // Everything that can be wrong with the settings is found before anything is made.
      let transport = try transportSettings()
      let authentication = try authenticationSettings()
      let (upstream, identifier) = (try upstream(), try identifier())
      let sign = try headSigner()
      let (directory, certificate) = (try directory(), try certificate(transport))
      let includesUsers = try settings.toggle("users_as_subjects")
      let policies = try PolicyOptions.of(settings["policies"]).load(console, .of(.text))
      let path = DataOptions.path(settings["data"])
      let (store, registry) = try await open(path, policies)
      do {
        let authenticator = try authenticator(authentication)
        // Whoever is called like a user somewhere else would be taken for that user.
        if includesUsers { directory.include(authenticator) }
        let site = Site(
          registry: registry, authenticator: authenticator,
          directory: directory, folder: settings["policies"] ?? "policies",
          upstream: upstream, identifier: identifier, certificate: certificate)
        try await serve(site, transport, path, beside: sign(store, logger))
      } catch {
        try? await store.close()
        throw error
      }
      do {
        try await registry.log.flush()
        try await store.close()
      } catch {
        logger.error("the store could not be closed", metadata: ["error": "\(error)"])
      }
    }

    private func open(
      _ path: String, _ policies: PolicySet
    ) async throws -> (SQLiteStore, ModelRegistry) {
      let activates = try settings.toggle("activate")
      let reads = try settings.whole("log.reads_in_flight") ?? 0
      do {
        let store = try SQLiteStore(path: path, ifAbsent: .create)
        let registry = try await ModelRegistry.open(
          store, policies: policies, activation: activates ? .always : .ifNoneInForce,
          masks: Masks(settings.list("log.masks") ?? []), unloggedReads: reads,
          clock: System.milliseconds)
        return (store, registry)
      } catch {
        throw RegistryFailure.report(error, console, .of(.text))
      }
    }

    private func serve(
      _ site: Site, _ transport: TransportSettings, _ path: String, beside others: [any Service]
    ) async throws {
      let (server, metrics) = site.server()
      let observer = Observer(logger: logger, metrics: metrics)
      let listener = try listener(transport, observer, announcing: site, path, to: server)
      let all: [any Service] = [
        listener, PolicyReload(site, logger),
        LogFlush(site.registry, logger),
      ]
      let renewals = site.certificate.map { [CertificateReload($0, logger)] } ?? []
      let group = ServiceGroup(configuration: try services(all + renewals + others))
      do {
        try await group.run()
      } catch {
        throw SettingFault(
          "listen", "can't serve at \(transport.host):\(transport.port): \(error)",
          help: "if another server is there: `--listen HOST:0` takes any free port")
      }
    }

    private func listener(
      _ transport: TransportSettings, _ observer: Observer, announcing site: Site, _ path: String,
      to server: GateServer
    ) throws(SettingFault) -> HTTPTransport {
      let scheme = transport.tls == nil ? "http" : "https"
      let revision = site.registry.gate.current.revision.prefix(12)
      let host = transport.host.contains(":") ? "[\(transport.host)]" : transport.host
      do {
        return try HTTPTransport(
          transport, certificate: site.certificate, logger: logger, observer: observer,
          onListening: { port in
            let place = "\(scheme)://\(host):\(port)"
            let line =
              "modelgate \(ModelGate.version) listens at \(place) (policies \(revision), data \(path))\n"
            try? System.write(Array(line.utf8), to: System.standardOutput)
          }, isBrief: { server.isBrief($0) }, answering: { await server.answer($0) })
      } catch {
        throw Self.tlsFault(error)
      }
    }

    private func certificate(
      _ transport: TransportSettings
    ) throws(SettingFault) -> LiveCertificate? {
      do {
        return try transport.tls.map { try LiveCertificate($0) }
      } catch {
        throw Self.tlsFault(error)
      }
    }

    private static func tlsFault(_ error: any Error) -> SettingFault {
      SettingFault("tls.certificate", "TLS can't be used as it is set: \(error)")
    }

    private func services(_ services: [any Service]) throws -> ServiceGroupConfiguration {
      var configuration = ServiceGroupConfiguration(
        services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      let seconds = try settings.whole("limits.shutdown_seconds") ?? 30
      configuration.maximumGracefulShutdownDuration = .seconds(seconds)
      configuration.maximumCancellationDuration = .seconds(5)
      return configuration
    }

    private func authenticator(
      _ authentication: AuthenticationSettings
    ) throws(SettingFault) -> SiteAuthenticator {
      let users = authentication.usersFile
      do throws(FileFault) {
        if let admin = try SiteAuthenticator.firstAdmin(usersFile: users) {
          console.line("There were no users. There is `\(FirstAdmin.name)` now, with the password")
          console.line("  \(admin.password)")
          console.line(
            "which is shown this once; `modelgate users passwd admin --users \(users)` sets another."
          )
          console.flush()
        }
        return try SiteAuthenticator(authentication)
      } catch {
        throw SettingFault("users", error.description, help: error.help)
      }
    }
  }
#endif
