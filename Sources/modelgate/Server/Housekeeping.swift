#if CLI && SQLite && Server
  import Authentication
  import GateServer
  import HTTPTransport
  import LogAudit
  import Logging
  import ModelRegistry
  import PolicyEngine
  import ServiceLifecycle
  import UnixSignals

  /// Loads policies and entities anew at each HUP. What does not load changes nothing.
  struct PolicyReload: Service {
    private let site: Site
    private let logger: Logger

    init(_ site: Site, _ logger: Logger) { (self.site, self.logger) = (site, logger) }

    func run() async throws {
      for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
        do {
          let set = try await site.registry.reload(note: "HUP") { () throws(PolicyLoadError) in
            try site.loadPolicies()
          }
          try site.directory.reload()
          logger.notice("policies loaded", metadata: ["revision": "\(set.revision)"])
        } catch {
          logger.error(
            "policies or entities did not load; the old ones stay in force",
            metadata: ["error": "\(error)"])
        }
      }
    }
  }

  /// Reads certificate and key again when their files have changed. What can't be used changes
  /// nothing, and health says so.
  struct CertificateReload: Service {
    private let certificate: LiveCertificate
    private let logger: Logger

    init(_ certificate: LiveCertificate, _ logger: Logger) {
      (self.certificate, self.logger) = (certificate, logger)
    }

    func run() async throws {
      await cancelWhenGracefulShutdown {
        var watch = FileWatch(certificate.files)
        // What changed before this was watched is not missed.
        reload()
        while !Task.isCancelled {
          try? await Task.sleep(for: .seconds(1))
          if watch.hasChanged() { reload() }
        }
      }
    }

    private func reload() {
      do {
        try certificate.reload()
        logger.info("certificate and key were read")
      } catch {
        logger.error(
          "certificate and key can't be used; the old ones stay in force",
          metadata: ["error": "\(error)"])
      }
    }
  }

  /// Writes records of reads that wait for others, ten times a second.
  struct LogFlush: Service {
    private let registry: ModelRegistry
    private let logger: Logger

    init(_ registry: ModelRegistry, _ logger: Logger) {
      (self.registry, self.logger) = (registry, logger)
    }

    func run() async throws {
      await cancelWhenGracefulShutdown {
        while !Task.isCancelled {
          do {
            try await registry.log.flush()
          } catch {
            logger.error("the decision log can't be written", metadata: ["error": "\(error)"])
          }
          try? await Task.sleep(for: .milliseconds(100))
        }
      }
    }
  }

  #if Signing
    /// Signs the head of the decision log from time to time, and once more at the end.
    struct HeadSigning: Service {
      private let exporter: HeadExporter
      private let seconds: Int
      private let logger: Logger

      init(_ exporter: HeadExporter, seconds: Int, _ logger: Logger) {
        (self.exporter, self.seconds, self.logger) = (exporter, seconds, logger)
      }

      func run() async throws {
        await cancelWhenGracefulShutdown {
          while !Task.isCancelled {
            await sign()
            try? await Task.sleep(for: .seconds(seconds))
          }
        }
        await sign()
      }

      private func sign() async {
        do {
          try await exporter.export()
        } catch {
          logger.error("the log's head can't be signed", metadata: ["error": "\(error)"])
        }
      }
    }
  #endif
#endif
