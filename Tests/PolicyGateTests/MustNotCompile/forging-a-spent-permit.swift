// error: initializer is inaccessible due to 'fileprivate' protection level
@testable import PolicyGate
import PolicyEngine

struct Open: Operation {
  func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Request(
      subject: subject, action: .init(name: "door:open"), resource: .init(type: "door", id: "1"))
  }
}

func forge(_ decision: Decision, _ record: DecisionRecord) -> SpentPermit<Open> {
  SpentPermit(operation: Open(), facts: NoFacts(), decision: decision, record: record)
}
