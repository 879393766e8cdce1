// error: cannot convert value of type 'Permit<Open>' to expected argument type 'Permit<Close>'
@testable import PolicyGate
import PolicyEngine

struct Open: Operation {
  func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Request(
      subject: subject, action: .init(name: "door:open"), resource: .init(type: "door", id: "1"))
  }
}

struct Close: Operation {
  func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Open().request(by: subject, given: facts)
  }
}

func close(_ permit: consuming Permit<Close>) { _ = permit.spend() }

func spend(_ permit: consuming Permit<Open>) { close(permit) }
