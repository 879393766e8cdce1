package import CEL
package import ModelRegistry
package import PolicyEngine
package import PolicyGate

/// Something that somebody does with ModelGate itself: asking for decisions, reading the log.
package struct ServiceUse: Operation {
  /// The action that policies know it by, such as `modelgate:log/read`.
  package let action: String
  /// The part of ModelGate that it is done to.
  package let part: String
  /// What kind of thing that is.
  package let type: String

  /// What exactly, for the log.
  package let parameters: [String: CELValue]

  /// A use.
  package init(
    _ action: String, of part: String, type: String = "modelgate",
    _ parameters: [String: CELValue] = [:]
  ) {
    (self.action, self.part, self.type, self.parameters) = (action, part, type, parameters)
  }

  package static var isRead: Bool { true }

  package func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Request(
      subject: subject, action: .init(name: action, properties: parameters),
      resource: .init(type: type, id: part))
  }
}

extension ModelRegistry {
  /// Checks that a caller may, where what is answered is logged and the asking is not. A refusal is
  /// logged before it is thrown.
  ///
  /// - Parameter time: when, in milliseconds since the Unix epoch; nil is now.
  /// - Returns: the policies that allowed it at that time; nil if others did a moment later.
  /// - Throws: `Refusal`; `GateError`.
  @discardableResult
  package func check(
    _ use: ServiceUse, by caller: Caller, at time: Int64? = nil
  ) async throws -> PolicySet? {
    // Without words, of which only a refusal has need.
    let request = use.request(by: caller.subject, given: NoFacts())
    let judged = gate.allows(request, at: time ?? now)
    if judged.isAllowed { return judged.policies }
    _ = try await allow(use, by: caller)
    return nil
  }

  /// Judges whether a caller may. A refusal is logged before it is thrown; what is allowed is
  /// logged by whoever answers.
  ///
  /// - Throws: `Refusal`; `GateError`.
  package func allow(_ use: ServiceUse, by caller: Caller) async throws -> DecisionRecord {
    let verdict = try await gate.judge(use, by: caller.subject, given: NoFacts())
    return try verdict.permit().spend().record
  }
}
