#if SQLite && Server
  import Foundation
  import Testing

  /// What keeps a server from starting is said, with its place and what to do, before anything is
  /// listened at. (Servers that start are driven by `Tests/Clients`.)
  @Suite struct ServeTests {
    struct Start: Sendable, CustomTestStringConvertible {
      let arguments: String
      var environment: [String: String] = [:]
      var file: String?
      let status: Int32
      let texts: [String]
      var testDescription: String { arguments + (file ?? "") }
    }

    static let starts: [Start] = [
      .init(
        arguments: "--listen 0.0.0.0:9200", status: 1,
        texts: ["0.0.0.0 can be reached by others", "--tls-certificate", "--allow-plain-http"]),
      .init(arguments: "--listen nowhere", status: 1, texts: ["`nowhere` is not HOST:PORT"]),
      .init(arguments: "--listen :1", status: 1, texts: ["names no host"]),
      .init(arguments: "--listen 127.0.0.1:65536", status: 1, texts: ["is not HOST:PORT"]),
      .init(arguments: "--tls-key k.pem", status: 1, texts: ["a TLS key and no certificate"]),
      .init(arguments: "--tls-cert c.pem", status: 1, texts: ["a TLS certificate and no key"]),
      .init(arguments: "--log-level loud", status: 1, texts: ["`loud` is no level"]),
      .init(arguments: "--log-format xml", status: 1, texts: ["text or json, not as `xml`"]),
      .init(arguments: "--set limits.requests", status: 64, texts: ["KEY=VALUE"]),
      .init(
        arguments: "--set limits.request=1", status: 64, texts: ["no setting `limits.request`"]),
      .init(
        arguments: "--set limits.requests=0", status: 1,
        texts: ["a whole number from 1 to 100000, this is `0`"]),
      .init(
        arguments: "", environment: ["MODELGATE_LIMITS_REQUESTS": "many"], status: 1,
        texts: ["this is `many`", "MODELGATE_LIMITS_REQUESTS"]),
      .init(
        arguments: "--set limits.requests=x", environment: ["MODELGATE_LIMITS_REQUESTS": "y"],
        status: 1, texts: ["this is `x`"]),
      .init(
        arguments: "--set tokens.issuer=https://id.example", status: 1,
        texts: ["tokens of https://id.example are believed, but for whom?"]),
      .init(
        arguments: "--set public_url=http://a.example", status: 1, texts: ["public URL"]),
      .init(arguments: "--set log.heads=heads", status: 1, texts: ["with which key?"]),
      .init(arguments: "--policies none", status: 1, texts: ["there is no file or folder `none`"]),
      .init(arguments: "--config none.json", status: 1, texts: ["can't read `none.json`"]),
      .init(
        arguments: "--config settings.json",
        file: "{\n  \"limits\": { \"requestz\": 1, \"idle_seconds\": \"a\" },\n  \"listen\": 1\n}",
        status: 1,
        texts: [
          "settings.json:2:15:", "did you mean `limits.requests`?", "settings.json:2:46:",
          "`listen` must be a text",
        ]),
      .init(
        arguments: "--config settings.json", file: "{\"listen\": ", status: 1,
        texts: ["settings.json:1:"]),
      .init(
        arguments: "--config settings.json", file: "[]", status: 1,
        texts: ["settings must be an object"]),
      .init(
        arguments: "--config settings.json", file: "{\"limits\": {\"requests\": 0}}", status: 1,
        texts: ["a whole number from 1 to 100000, this is `0`"]),
    ]

    @Test(arguments: starts) func isRefused(_ start: Start) throws {
      let folder = try Tool.scratch()
      defer { try? FileManager.default.removeItem(at: folder) }
      if let file = start.file {
        try file.write(
          to: folder.appendingPathComponent("settings.json"), atomically: true, encoding: .utf8)
      }
      var arguments = ["serve"] + start.arguments.split(separator: " ").map(String.init)
      if !start.arguments.contains("--policies") {
        arguments += ["--policies", Tool.root.appendingPathComponent("policies").path]
      }
      let run = try Tool.run(arguments, in: folder, environment: start.environment)
      #expect(run.status == start.status, "\(run)")
      for text in start.texts { #expect(run.errors.contains(text), "\(run.errors)") }
      // Nobody who could not start has made users.
      let made = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!made.contains("modelgate-users.json"))
    }

    @Test func listsItsSettings() throws {
      let run = try Tool.run(["serve", "--print-settings"])
      #expect(run.status == 0)
      for text in ["limits.body_bytes", "MODELGATE_LIMITS_BODY_BYTES", "tls.certificate"] {
        #expect(run.output.contains(text))
      }
    }
  }
#endif
