#if Server
  import HummingbirdCore
  import Logging
  import NIOCore
  import NIOSSL
  import Synchronization

  /// Certificate and key in force, which can be replaced while connections are accepted: a new
  /// connection gets the new ones, and one that stands keeps what it has.
  ///
  /// ```swift
  /// let certificate = try LiveCertificate(tls)
  /// …
  /// try certificate.reload()   // after the files have changed
  /// ```
  public final class LiveCertificate: Sendable {
    private let settings: TLSSettings
    private struct State {
      var context: NIOSSLContext
      var problem: String?
    }
    private let state: Mutex<State>

    /// Reads certificate, key and trust roots for the first time.
    ///
    /// - Throws: an error of NIOSSL or of files if they can't be used.
    public init(_ settings: TLSSettings) throws {
      self.settings = settings
      state = Mutex(State(context: try settings.context()))
    }

    /// Reads them again. If they can't be used, or do not belong together, the old ones stay.
    ///
    /// - Throws: an error of NIOSSL or of files.
    public func reload() throws {
      do {
        let context = try settings.context()
        state.withLock { $0 = State(context: context) }
      } catch {
        let problem = "the TLS certificate can't be renewed: \(error)"
        state.withLock { $0.problem = problem }
        throw error
      }
    }

    /// Why what is in force is not what the files hold; nil if the last attempt to read them did.
    public var problem: String? { state.withLock { $0.problem } }

    /// The files that they are read from.
    public var files: [String] {
      [settings.certificateFile, settings.keyFile]
        + [settings.clientAuthoritiesFile].compactMap { $0 }
    }

    var context: NIOSSLContext { state.withLock { $0.context } }
  }

  /// A connection that is encrypted with what is in force when it begins.
  struct EncryptedChannel: ServerChildChannel {
    typealias Value = GateChannel.Value

    let base: GateChannel
    let certificate: LiveCertificate

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(
          NIOSSLServerHandler(context: certificate.context))
      }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Value, logger: Logger) async {
      await base.handle(value: value, logger: logger)
    }
  }
#endif
