import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import PolicyGate
import Testing

/// What is counted, as Prometheus reads it.
@Suite struct MetricsTests {
  /// Samples by their name and labels.
  static func samples(_ text: String) throws -> [String: String] {
    var samples: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let space = try #require(line.lastIndex(of: " "))
      let name = String(line[..<space])
      #expect(samples.updateValue(String(line[line.index(after: space)...]), forKey: name) == nil)
    }
    return samples
  }

  @Test func everythingIsThere() async throws {
    let world = try await AccessWorld()
    let metrics = world.console.metrics
    let targets: [(String, String, Int, Double)] = [
      ("POST", "/access/v1/evaluation", 200, 0.0004), ("POST", "/access/v1/evaluation", 200, 0.3),
      ("POST", "/access/v1/evaluation", 403, 99), ("GET", "/_modelgate/log?from=1", 200, 0.01),
      ("GET", "/what/ever", 400, 0.001), ("BREW", "/_modelgate/log", 405, 0.001),
      ("HEAD", "/_modelgate/health/live", 200, 0.001), ("GET", "/x\"y", 999, 0.001),
    ]
    for (method, target, status, seconds) in targets {
      metrics.begin()
      let request = try WireRequest(method: method, target: target)
      let answer = await world.server.answer(request)
      metrics.end(method, route: answer.note.route, status: status, seconds: seconds)
    }
    metrics.begin()
    metrics.end(unreadableWithStatus: 400, seconds: 0)
    metrics.begin()
    _ = try await world.send("POST", "/access/v1/evaluation", AccessTests.may, as: AccessTests.pep)
    let reply = try await world.send("GET", "/_modelgate/metrics", as: "m;modelgate_monitor")
    #expect(reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
    let samples = try Self.samples(reply.body)
    let evaluation = #"method="POST",route="/access/v1/evaluation""#
    let expected: [String: String] = [
      #"http_server_requests_total{\#(evaluation),status="200"}"#: "2",
      #"http_server_requests_total{\#(evaluation),status="403"}"#: "1",
      #"http_server_requests_total{method="GET",route="/_modelgate/log",status="200"}"#: "1",
      #"http_server_requests_total{method="GET",route="/_modelgate/health/live",status="200"}"#:
        "1",
      #"http_server_requests_total{method="GET",route="other",status="400"}"#: "1",
      #"http_server_requests_total{method="GET",route="other",status="other"}"#: "1",
      #"http_server_requests_total{method="other",route="other",status="405"}"#: "1",
      #"http_server_requests_total{method="other",route="other",status="400"}"#: "1",
      #"http_server_request_duration_seconds_bucket{\#(evaluation),le="0.0005"}"#: "1",
      #"http_server_request_duration_seconds_bucket{\#(evaluation),le="0.25"}"#: "1",
      #"http_server_request_duration_seconds_bucket{\#(evaluation),le="0.5"}"#: "2",
      #"http_server_request_duration_seconds_bucket{\#(evaluation),le="10"}"#: "2",
      #"http_server_request_duration_seconds_bucket{\#(evaluation),le="+Inf"}"#: "3",
      #"http_server_request_duration_seconds_count{\#(evaluation)}"#: "3",
      "http_server_active_requests": "1", "modelgate_ready": "1",
      #"modelgate_policies_info{revision="\#(world.registry.gate.current.revision)"}"#: "1",
      #"modelgate_build_info{version="1.2.3",revision="abc"}"#: "1",
      "process_cpu_seconds_total": "1.5", "process_resident_memory_bytes": "4096",
      "process_open_fds": "9", "modelgate_log_records_total": "2",
      // What was asked, and not whether the callers may ask.
      #"modelgate_decisions_total{outcome="allow"}"#: "1",
      #"modelgate_decisions_total{outcome="deny"}"#: "0",
    ]
    for (name, value) in expected { #expect(samples[name] == value, "\(name)") }
    #expect(samples["process_max_fds"] == nil)
  }

  /// Every sample stands below the help and the type of its metric.
  @Test func formIsRight() async throws {
    let world = try await AccessWorld()
    world.console.metrics.begin()
    world.console.metrics.end(unreadableWithStatus: 400, seconds: 0)
    let reply = try await world.send("GET", "/_modelgate/metrics")
    var name = ""
    for line in reply.body.split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.hasPrefix("# HELP ") {
        name = String(words[2])
        #expect(words.count > 3)
      } else if line.hasPrefix("# TYPE ") {
        #expect(String(words[2]) == name)
      } else {
        #expect(line.hasPrefix(name))
        #expect(Double(words[words.count - 1]) != nil)
      }
    }
  }
}
