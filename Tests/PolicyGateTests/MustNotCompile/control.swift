// compiles
// Without this control, the other files could fail for any reason at all.
@testable import PolicyGate
import PolicyEngine

struct Open: Operation {
  func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Request(
      subject: subject, action: .init(name: "door:open"), resource: .init(type: "door", id: "1"))
  }
}

func perform(_ permit: consuming Permit<Open>) -> DecisionRecord { permit.spend().record }

func use(_ gate: PolicyGate, _ subject: Request.Entity) async throws -> DecisionRecord {
  let verdict = try await gate.judge(Open(), by: subject, given: NoFacts())
  return perform(try verdict.permit())
}
