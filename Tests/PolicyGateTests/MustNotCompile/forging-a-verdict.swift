// error: initializer is inaccessible due to 'fileprivate' protection level
@testable import PolicyGate
import PolicyEngine

struct Open: Operation {
  func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Request(
      subject: subject, action: .init(name: "door:open"), resource: .init(type: "door", id: "1"))
  }
}

func forge(_ permit: consuming Permit<Open>, _ decision: Decision) -> Verdict<Open> {
  Verdict(decision, permit)
}
