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

  /// What exactly, for the log.
  package let parameters: [String: CELValue]

  /// A use.
  package init(_ action: String, of part: String, _ parameters: [String: CELValue] = [:]) {
    (self.action, self.part, self.parameters) = (action, part, parameters)
  }

  package static var isRead: Bool { true }

  package func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Request(
      subject: subject, action: .init(name: action, properties: parameters),
      resource: .init(type: "modelgate", id: part))
  }
}

extension ModelRegistry {
  /// Judges whether a caller may. A refusal is logged before it is thrown; what is allowed is
  /// logged by whoever answers.
  ///
  /// - Throws: `Refusal`; `GateError`.
  package func allow(_ use: ServiceUse, by caller: Caller) async throws -> DecisionRecord {
    let verdict = try await gate.judge(use, by: caller.subject, given: NoFacts())
    return try verdict.permit().spend().record
  }
}
