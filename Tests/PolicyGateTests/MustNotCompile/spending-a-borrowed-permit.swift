// error: is borrowed and cannot be consumed
@testable import PolicyGate
import PolicyEngine

struct Open: Operation {
  func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Request(
      subject: subject, action: .init(name: "door:open"), resource: .init(type: "door", id: "1"))
  }
}

func spend(_ permit: borrowing Permit<Open>) -> DecisionRecord { permit.spend().record }
