/// What a careful person would write by hand in Swift for each case, over data in the same form:
/// texts as interned ids.
enum Floors {
  /// Sixty-four rows, so that no branch is learnt by heart.
  private static let rows = (0..<64).map { $0 % 7 == 0 ? 1 : $0 }
  private static let privileges: [UInt32] = [11, 12, 13, 14, 15, 16]
  private static let alias = Array("flight-delay-prediction".utf8)

  static func equalsOne(_ count: Int) -> Int {
    var trues = 0
    for index in 0..<count where rows[index & 63] == 1 { trues += 1 }
    return trues
  }

  static func isMember(_ count: Int) -> Int {
    var trues = 0
    for index in 0..<count {
      let wanted = UInt32(11 + index & 7)
      for privilege in privileges where privilege == wanted {
        trues += 1
        break
      }
    }
    return trues
  }

  static func endsInDigit(_ count: Int) -> Int {
    var trues = 0
    for index in 0..<count {
      let last = alias[alias.count - 1 - index & 3]
      if last >= 0x30, last <= 0x39 { trues += 1 }
    }
    return trues
  }

  /// Two lists without a common element: every pair for short ones, a bit set for long ones.
  static func intersects(_ size: Int) -> (Int) -> Int {
    let mine = (0..<size).map { UInt32($0) }
    let theirs = (0..<size).map { UInt32($0 + size) }
    return size <= 8
      ? { count in
        var trues = 0
        for _ in 0..<count {
          outer: for one in mine {
            for other in theirs where one == other {
              trues += 1
              break outer
            }
          }
        }
        return trues
      }
      : { count in
        var bits = [UInt64](repeating: 0, count: 4)
        var trues = 0
        for _ in 0..<count {
          for other in theirs { bits[Int(other >> 6)] |= 1 << UInt64(other & 63) }
          for one in mine where bits[Int(one >> 6)] & (1 << UInt64(one & 63)) != 0 { trues += 1 }
          for other in theirs { bits[Int(other >> 6)] = 0 }
        }
        return trues
      }
  }

  static func fiveConjuncts(_ count: Int) -> Int {
    struct User {
      var age: Int
      var department: UInt32
      var roles: [UInt32]
      var suspended: Bool
      var name: [UInt8]
    }
    let users = (0..<64).map {
      User(age: 18 + $0, department: 7, roles: [3], suspended: false, name: Array("alice".utf8))
    }
    var trues = 0
    for index in 0..<count {
      let age = users[index & 63].age
      if age >= 18, users[index & 63].department == 7, users[index & 63].roles.contains(3),
        !users[index & 63].suspended, users[index & 63].name[0] == 0x61
      {
        trues += 1
      }
    }
    return trues
  }

  private static let numbers = (0..<1_000).map { Int64($0) }
  static func allPositive(_ count: Int) -> Int {
    var trues = 0
    for index in 0..<count {
      var all = true
      for number in numbers where number < Int64(index & 1) - 1 { all = false }
      if all { trues += 1 }
    }
    return trues
  }

  // MARK: Decisions

  /// A role decision as one would write it for one application: a dictionary of actions, one of
  /// resources, a bit set of roles.
  static func roles(_ count: Int) -> Int {
    let actions = decisionActions
    var allowed = 0
    for index in 0..<count {
      guard let action = actions[decisionNames[index & 63]] else { continue }
      if resources[decisionIDs[index & 63]] == nil, grants[action] & 8 != 0 { allowed += 1 }
    }
    return allowed
  }
  private static let decisionNames = (0..<64).map { "model:act-\($0 % 50)" }
  private static let decisionIDs = (0..<64).map { "model-\($0 * 3 + 1)" }
  private static let decisionActions = Dictionary(
    uniqueKeysWithValues: (0..<50).map { ("model:act-\($0)", $0) })
  private static let resources = Dictionary(
    uniqueKeysWithValues: (0..<1_000).map { ("model-\($0 * 3)", $0) })
  private static let grants = (0..<50).map { _ in UInt64(15) }

  private struct Model {
    var id, type, kind: String
    var fields: [String]
  }

  /// The rules of an alias over Swift values.
  static func alias(_ count: Int) -> Int {
    var allowed = 0
    for index in 0..<count {
      let (current, new) = (models[index & 1], models[2 + index & 1])
      let name = aliasNames[index & 3]
      guard current.id != new.id, current.kind == new.kind, current.type == new.type,
        let last = name.utf8.last, last < 0x30 || last > 0x39, name != new.id,
        current.fields.contains(where: { new.fields.contains($0) })
      else { continue }
      allowed += 1
    }
    return allowed
  }
  private static let aliasNames = ["flight_delay", "fare", "weather", "queue"]
  private static let models = (0..<4).map {
    Model(id: "delay-\($0)", type: "tree_ensemble", kind: "regression", fields: ["a", "b", "c"])
  }

  /// Whether two lists of texts share one: every pair of five, a set of fifty.
  static func group(_ size: Int) -> (Int) -> Int {
    let mine = Workload.roles("mine", size)
    let theirs = Workload.roles("group", size)
    let known = Set(mine)
    return { count in
      var denied = 0
      for _ in 0..<count {
        let shares =
          size <= 8
          ? theirs.contains { mine.contains($0) } : theirs.contains { known.contains($0) }
        if !shares { denied += 1 }
      }
      return denied
    }
  }
}
