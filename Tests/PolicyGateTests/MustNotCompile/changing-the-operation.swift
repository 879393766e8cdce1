// error: 'operation' is a 'let' constant
@testable import PolicyGate
import PolicyEngine

struct Open: Operation {
  func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Request(
      subject: subject, action: .init(name: "door:open"), resource: .init(type: "door", id: "1"))
  }
}

func change(_ permit: consuming Permit<Open>) -> DecisionRecord {
  permit.operation = Open()
  return permit.spend().record
}
