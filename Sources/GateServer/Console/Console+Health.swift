import CEL
import ModelRegistry
import PolicyEngine
import PolicyGate

extension ConsoleAPI {
  /// The process answers.
  var live: WireResponse {
    .json { writer in
      writer.beginObject()
      writer.member("status", "live")
      writer.endObject()
    }
  }

  /// Whether requests can be served: policies in force, store readable, log writable. Anybody may
  /// ask, so it says what is missing in one word each.
  func ready() async -> WireResponse {
    let state = await state()
    return .json(state.missing.isEmpty ? 200 : 503) { writer in
      writer.beginObject()
      writer.member("status", state.missing.isEmpty ? "ready" : "unavailable")
      if !state.missing.isEmpty {
        writer.name("missing")
        writer.value(CELValue.list(state.missing.map { .string($0) }))
      }
      writer.endObject()
    }
  }

  /// What can be used.
  private struct State {
    var isStoreReadable = true
    var isLogWritable = true
    var arePoliciesInForce = true
    var head: LogHead?

    var missing: [String] {
      [(isStoreReadable, "store"), (isLogWritable, "log"), (arePoliciesInForce, "policies")]
        .filter { !$0.0 }.map(\.1)
    }
  }

  private func state() async -> State {
    var state = State()
    do {
      state.head = try await registry.inspect { try $0.logHead().end }
      state.arePoliciesInForce = try await registry.judgesByPoliciesInForce()
    } catch {
      (state.isStoreReadable, state.arePoliciesInForce) = (false, false)
    }
    do {
      // What waits to be written shows whether it can be.
      try await registry.log.flush()
      state.isLogWritable = !registry.log.isStuck
    } catch {
      state.isLogWritable = false
    }
    return state
  }

  /// The state of everything, for who may see it.
  func health(_ request: WireRequest, by caller: Caller) async throws -> WireResponse {
    try await registry.check(ServiceUse("modelgate:health/read", of: "health"), by: caller)
    try Self.expect([], in: request)
    let state = await state()
    let policies = registry.gate.health
    let directory = directory
    let problems = await problems?() ?? []
    return .json(state.missing.isEmpty ? 200 : 503) { writer in
      writer.beginObject()
      writer.member("status", state.missing.isEmpty ? "ready" : "unavailable")
      writer.member("version", build.version)
      writer.name("policies")
      writer.beginObject()
      writer.member("in_force", state.arePoliciesInForce)
      writer.member("revision", policies.revision)
      writer.member("since", Self.time(policies.since))
      writer.member("last_load_failed", policies.lastFailure != nil)
      writer.member("unspent_permits", policies.unspentPermits)
      writer.endObject()
      writer.name("directory")
      writer.beginObject()
      writer.member("revision", directory.current.revision)
      writer.member("entities", directory.current.count)
      writer.member("last_load_failed", directory.lastFailure != nil)
      writer.endObject()
      writer.name("store")
      writer.beginObject()
      writer.member("readable", state.isStoreReadable)
      writer.endObject()
      writer.name("log")
      writer.beginObject()
      writer.member("writable", state.isLogWritable)
      if let head = state.head { writer.member("sequence", head.sequence) }
      writer.endObject()
      writer.name("problems")
      writer.value(CELValue.list(problems.map { .string($0) }))
      writer.endObject()
    }
  }

  // MARK: Metrics

  /// Everything that is counted, for Prometheus.
  func showMetrics(_ request: WireRequest, by caller: Caller) async throws -> WireResponse {
    try await registry.check(ServiceUse("modelgate:metrics/read", of: "metrics"), by: caller)
    try Self.expect([], in: request)
    let state = await state()
    var text = MetricsText()
    metrics.write(to: &text)
    text.begin("modelgate_decisions_total", .counter, "Decisions, by what came of them.")
    for outcome in Outcome.allCases {
      text.sample([("outcome", outcome.rawValue)], registry.gate.decisionCount(outcome))
    }
    let policies = registry.gate.health
    text.begin("modelgate_policies_info", .gauge, "The policies in force.")
    text.sample([("revision", policies.revision)], UInt64(1))
    text.begin("modelgate_policies_since_seconds", .gauge, "When they came into force.")
    text.sample([], Double(policies.since) / 1_000)
    text.begin("modelgate_policies_last_load_failed", .gauge, "The last load failed.")
    text.sample([], UInt64(policies.lastFailure == nil ? 0 : 1))
    text.begin("modelgate_unspent_permits_total", .counter, "Permits that were never spent.")
    text.sample([], UInt64(policies.unspentPermits))
    text.begin("modelgate_directory_entities", .gauge, "Entities of the directory.")
    text.sample([], UInt64(directory.current.count))
    text.begin("modelgate_ready", .gauge, "Requests can be served.")
    text.sample([], UInt64(state.missing.isEmpty ? 1 : 0))
    if let head = state.head {
      text.begin("modelgate_log_records_total", .counter, "Records of the decision log.")
      text.sample([], UInt64(max(0, head.sequence)))
    }
    text.begin("modelgate_build_info", .gauge, "What was built.")
    text.sample([("version", build.version), ("revision", build.revision ?? "")], UInt64(1))
    process?().write(to: &text)
    return WireResponse(
      status: 200, headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8"],
      body: Array(text.text.utf8))
  }
}
