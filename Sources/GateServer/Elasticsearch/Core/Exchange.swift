import CEL
import ModelRegistry
import PolicyEngine
import PolicyGate

/// One request whose path is known, on behalf of a known caller.
struct Exchange: Sendable {
  let request: WireRequest
  /// What stood in the path.
  private let names: [String: String]
  let caller: Caller
  let site: Elasticsearch

  init(request: WireRequest, names: [String: String], caller: Caller, site: Elasticsearch) {
    (self.request, self.names, self.caller, self.site) = (request, names, caller, site)
  }

  /// What stood in the path in the place of a name.
  func name(_ name: String) -> String { names[name] ?? "" }

  // MARK: Parameters

  /// A parameter that is `true` or `false`.
  func flag(_ name: String, absent: Bool = false) throws(ErrorBody) -> Bool {
    try request.query.flag(name, absent: absent)
  }

  /// A parameter that is a number.
  func number(_ name: String) throws(ErrorBody) -> Int? {
    guard let text = request.query[name] else { return nil }
    guard let number = Int32(text) else {
      throw .illegalArgument("Failed to parse int parameter [\(name)] with value [\(text)]")
    }
    return Int(number)
  }

  /// A parameter that is a list, separated by commas.
  func list(_ name: String) -> [String] {
    (request.query[name] ?? "").split(separator: ",").map(String.init)
  }

  /// A parameter that is an amount of time, in milliseconds.
  func time(_ name: String) throws(ErrorBody) -> Int? {
    guard let text = request.query[name] else { return nil }
    return try TimeValue.milliseconds(text, of: name)
  }

  /// Reads parameters that are checked and have no effect here: the registry waits for nothing.
  func checkTimes(_ names: String...) throws(ErrorBody) {
    for name in names { _ = try time(name) }
  }

  // MARK: The registry

  /// The door to the registry for this caller.
  func call() throws(ErrorBody) -> RegistryCall {
    try RegistryCall(request, by: caller, in: site.registry)
  }

  /// Performs an operation.
  ///
  /// - Throws: as `RegistryCall.perform`; `ErrorBody` for a refusal.
  func perform<Op: RegistryWrite>(
    _ operation: Op, _ call: RegistryCall
  ) async throws -> Performed<Op.Output> {
    do {
      return try await call.perform(operation)
    } catch let refusal as Refusal {
      throw try await told(refusal.decision, operation)
    }
  }

  /// Reads one thing.
  ///
  /// - Throws: as `RegistryCall.read`; `ErrorBody` for a refusal.
  func read<Op: RegistryRead>(_ operation: Op, _ call: RegistryCall) async throws -> Op.Output {
    do {
      return try await call.read(operation)
    } catch let refusal as Refusal {
      throw try await told(refusal.decision, operation)
    }
  }

  /// Reads a page.
  ///
  /// - Throws: as `RegistryCall.search`; `ErrorBody` for a refusal.
  func search<Op: RegistrySearch>(_ operation: Op, _ call: RegistryCall) async throws -> Op.Output {
    do {
      return try await call.search(operation)
    } catch let refusal as Refusal {
      throw try await told(refusal.decision, operation)
    }
  }

  /// A refusal in Elasticsearch's words.
  func told<Op: RegistryOperation>(
    _ decision: Decision, _ operation: Op
  ) async throws -> ErrorBody {
    // Nothing grants it, and no rule says more.
    let isUngranted = decision.reasons.first?.rule == nil
    if isUngranted, case .apiKey(let id, _) = caller.proof {
      // A key is the key and not its owner where it lacks a right.
      let key = Request.Entity(
        type: "api_key", id: id,
        properties: caller.subject.properties.merging(["api_key_owner": .string(caller.name)]) {
          $1
        })
      if let other = try await site.registry.assess(operation, by: [key]).first,
        other.outcome == .deny, other.reasons.first?.rule == nil, let error = other.error
      {
        return ErrorBody(error.status, error.type, error.reason)
      }
    }
    if let error = decision.error { return ErrorBody(error.status, error.type, error.reason) }
    if isUngranted {
      return try Refusals(site.registry.gate.current, caller).unauthorized(Op.action)
    }
    return ErrorBody(403, "security_exception", decision.reasons.first?.message ?? "not allowed")
  }

  // MARK: Answers

  /// `{"acknowledged":true}`, with what a decision warns of.
  func acknowledged(_ decision: Decision? = nil) -> WireResponse {
    var response = WireResponse.json { writer in
      writer.beginObject()
      writer.member("acknowledged", true)
      writer.endObject()
    }
    warn(decision, &response)
    return response
  }

  /// Puts what a decision warns of into headers.
  func warn(_ decision: Decision?, _ response: inout WireResponse) {
    Warnings.add(
      decision?.warnings.map(\.message) ?? [], to: &response, version: site.identity.version)
  }
}
