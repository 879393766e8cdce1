import CEL
import PolicyEngine
import PolicyGate
import Synchronization

/// A small service of its own: doors that may be opened.
enum Doors {
  struct Open: Operation {
    var door: String
    func request(by subject: Request.Entity, given facts: Facts) -> Request {
      Request(
        subject: subject, action: .init(name: "door:open", properties: ["password": "1234"]),
        resource: .init(type: "door", id: door, properties: ["locked": .bool(facts.isLocked)]))
    }
    struct Facts: Sendable { var isLocked: Bool }
  }

  struct Look: Operation {
    static var isRead: Bool { true }
    func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
      Request(
        subject: subject, action: .init(name: "door:look"), resource: .init(type: "door", id: "all")
      )
    }
  }

  static let alice = Request.Entity(type: "user", id: "alice", properties: ["roles": ["porter"]])
  static let bob = Request.Entity(type: "user", id: "bob", properties: ["roles": ["guest"]])

  /// A policy set in which porters may do what `actions` match.
  static func policies(_ actions: String = "door:*") throws -> PolicySet {
    try PolicySet([source(actions)])
  }

  static func source(_ actions: String) -> PolicySource {
    let text = """
      {"policy": "doors",
       "privileges": {"doors": {"actions": ["\(actions)"]}},
       "roles": {"porter": {"privileges": ["doors"]}, "guest": {}},
       "rules": [{"id": "locked", "description": "Locked doors stay.", "effect": "deny", "actions": ["door:open"],
                  "when": "resource.locked", "message": "door ${resource.id} is locked",
                  "error": {"status": 409, "type": "locked"}}]}
      """
    return PolicySource(name: "doors.json", bytes: Array(text.utf8))
  }

  static func gate(
    _ log: any DecisionLog = MemoryLog(), masks: Masks = Masks(), time: Int64 = 1_000
  ) throws -> PolicyGate {
    PolicyGate(try policies(), log: log, masks: masks, clock: { time })
  }
}

/// A log that is full.
struct BrokenLog: DecisionLog {
  struct Full: Error {}
  func append(_ record: DecisionRecord) async throws { throw Full() }
  func noticeUnspent(_ record: DecisionRecord) {}
}
