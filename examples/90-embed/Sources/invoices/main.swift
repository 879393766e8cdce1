import PolicyEngine
import PolicyGate

/// What a service of your own puts behind the gate: an operation, and the facts that rules see.
struct SendInvoice: Operation {
  var number: Int

  func request(by subject: Request.Entity, given invoice: Invoice) -> Request {
    Request(
      subject: subject, action: .init(name: "invoice:send"),
      resource: .init(
        type: "invoice", id: "\(number)",
        properties: ["total": .int(invoice.total), "is_sent": .bool(invoice.isSent)]))
  }
}

struct Invoice: Sendable {
  var total: Int64
  var isSent = false
}

/// The service. Nobody can send an invoice but with a permit, because `send` takes one and only the
/// gate makes them. Judging and sending are one step, because the actor does nothing in between.
actor Invoices {
  private var invoices = [1: Invoice(total: 90), 2: Invoice(total: 12_000)]
  private let gate: PolicyGate
  private let log: MemoryLog

  init(_ gate: PolicyGate, _ log: MemoryLog) { (self.gate, self.log) = (gate, log) }

  func send(_ number: Int, by subject: Request.Entity) async throws {
    guard let invoice = invoices[number] else { return print("there is no invoice \(number)") }
    let verdict = try await gate.judge(SendInvoice(number: number), by: subject, given: invoice)
    // An actor lets others in while it waits: what was judged must still be so.
    guard invoices[number]?.isSent == invoice.isSent else {
      return try await send(number, by: subject)
    }
    perform(try verdict.permit())
  }

  private func perform(_ permit: consuming Permit<SendInvoice>) {
    let spent = permit.spend()
    log.append(spent.record)  // no log, no operation
    invoices[spent.operation.number]?.isSent = true
    print("sent invoice \(spent.operation.number)")
  }
}

let rules = """
  {
    "policy": "invoices",
    "privileges": { "billing": { "actions": ["invoice:*"] } },
    "roles": { "clerk": { "privileges": ["billing"] } },
    "rules": [
      {
        "id": "once",
        "description": "An invoice is sent once.",
        "effect": "deny",
        "actions": ["invoice:send"],
        "when": "resource.is_sent",
        "message": "invoice ${resource.id} was sent already"
      },
      {
        "id": "large",
        "description": "Large invoices are sent by the head of billing.",
        "effect": "deny",
        "actions": ["invoice:send"],
        "when": "resource.total > 10000",
        "unless": "'head' in subject.roles",
        "message": "an invoice of ${string(resource.total)} is sent by the head of billing"
      }
    ]
  }
  """

let policies = try PolicySet([PolicySource(name: "invoices.json", bytes: Array(rules.utf8))])
let log = MemoryLog()
let gate = PolicyGate(policies, log: log, clock: { 1_763_703_251_000 })
let service = Invoices(gate, log)
let carla = Request.Entity(type: "user", id: "carla", properties: ["roles": ["clerk"]])

for number in [1, 1, 2] {
  do {
    try await service.send(number, by: carla)
  } catch {
    print(error)
  }
}
var verifier = LogVerifier()
for entry in log.entries { try verifier.check(entry) }
print("the log has \(verifier.head.sequence) records, and its chain is whole")
