#if CLI && SQLite && Server
  import Authentication
  import GateServer
  import HTTPTransport
  import ModelRegistry
  import PolicyEngine

  /// What a server serves, put together.
  struct Site: Sendable {
    let registry: ModelRegistry
    let authenticator: SiteAuthenticator
    let directory: LiveDirectory
    /// The folder of policies.
    let folder: String
    /// What the last load of these left for the next, whoever asks for it.
    private let cache = PolicyCache()
    /// Where calls of models go; nil if nowhere.
    let upstream: InferenceUpstream?
    /// How others know this server; nil if they don't.
    let identifier: PDPIdentifier?
    /// What encrypts connections; nil if nothing does.
    let certificate: LiveCertificate?

    /// The policies as their folder has them now. What has not changed since the last time is not
    /// read and checked again.
    func loadPolicies() throws(PolicyLoadError) -> PolicySet {
      try PolicySet(folder: folder, cache: cache)
    }

    /// The server, and what counts its answers.
    func server() -> (GateServer, ServerMetrics) {
      let dialects: [any Dialect] = [
        OpenSearch(registry, users: authenticator, predictor: upstream?.predict),
        AuthZEN(registry, directory: directory, identifier: identifier),
        Elasticsearch(registry, inference: upstream, keys: authenticator),
      ]
      let (authenticator, certificate) = (authenticator, certificate)
      let own = ConsoleAPI(
        registry, directory: directory, beside: dialects,
        build: .init(version: ModelGate.version), process: { ProcessFigures.ofThisProcess() },
        problems: {
          await authenticator.problems() + [certificate?.problem].compactMap { $0 }
        },
        loadPolicies: { () throws(PolicyLoadError) in try loadPolicies() })
      // The dialect of Elasticsearch answers whatever nobody else knows, so it comes last.
      return (GateServer([own] + dialects, authenticator: authenticator), own.metrics)
    }
  }
#endif
