// error: consumed more than once
@testable import PolicyGate
import PolicyEngine

struct Open: Operation {
  func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Request(
      subject: subject, action: .init(name: "door:open"), resource: .init(type: "door", id: "1"))
  }
}

func take(_ verdict: consuming Verdict<Open>) throws {
  _ = try verdict.permit().spend()
  _ = try verdict.permit().spend()
}
