#if Server
  import Hummingbird

  /// A route that returns a constant: as fast as a service on this HTTP server can be. Benchmarks of
  /// the server run it in the same run.
  @main
  enum BareServer {
    static func main() async throws {
      let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 9300
      let router = Router()
      router.get("constant") { _, _ in #"{"decision":true}"# }
      router.post("constant") { request, _ in
        // Whoever answers a question has read it.
        _ = try await request.body.collect(upTo: 1 << 20)
        return #"{"decision":true}"#
      }
      let application = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
      try await application.runService()
    }
  }
#else
  @main
  enum BareServer {
    static func main() { print("build with the trait Server") }
  }
#endif
