/// One instruction of the matching machine.
struct RegexInstruction: Sendable {
  enum Operation: UInt8, Sendable {
    /// Take one character of set `operand`.
    case consume
    /// Go to `next`, or if that fails to `operand`.
    case split
    /// Note the position in capture slot `operand`.
    case save
    /// Go on if assertion `operand` holds here.
    case assert
    case match
  }

  var operation: Operation
  var next: Int32
  var operand: Int32
}

/// What assertions need to know about one side of a position.
struct RegexContext: OptionSet, Sendable {
  let rawValue: UInt8

  /// There is no character: the text starts or ends here.
  static let edge = RegexContext(rawValue: 1)
  static let newline = RegexContext(rawValue: 2)
  static let word = RegexContext(rawValue: 4)
}

extension RegexAssertion {
  /// Whether it holds between the two sides of a position.
  func holds(before: RegexContext, after: RegexContext) -> Bool {
    switch self {
    case .textStart: before.contains(.edge)
    case .textEnd: after.contains(.edge)
    case .lineStart: !before.isDisjoint(with: [.edge, .newline])
    case .lineEnd: !after.isDisjoint(with: [.edge, .newline])
    case .wordBoundary: before.contains(.word) != after.contains(.word)
    case .notWordBoundary: before.contains(.word) == after.contains(.word)
    }
  }
}

/// A compiled pattern for one reading direction.
///
/// It works on symbols, the classes of characters the pattern cannot tell apart, and not on bytes:
/// `\pL` is one instruction instead of the four hundred that its UTF-8 forms would take.
final class RegexProgram: Sendable {
  let instructions: [RegexInstruction]
  let start: Int
  let alphabet: RegexAlphabet
  /// Two per capture group, group 0 included.
  let slotCount: Int
  /// How many instructions a thread can rest at.
  let restingCount: Int
  /// A match can only start where the text does.
  let isAnchored: Bool
  /// With `(?m)^` a match can start after any newline, however hopeless the text before it.
  let hasLineStart: Bool

  init(
    instructions: [RegexInstruction], start: Int, alphabet: RegexAlphabet, slotCount: Int
  ) {
    self.instructions = instructions
    self.start = start
    self.alphabet = alphabet
    self.slotCount = slotCount
    var resting = 0
    for instruction in instructions
    where instruction.operation == .consume || instruction.operation == .match {
      resting += 1
    }
    restingCount = resting
    hasLineStart = instructions.contains {
      $0.operation == .assert && $0.operand == Int32(RegexAssertion.lineStart.rawValue)
    }
    var index = start
    while instructions[index].operation == .save { index = Int(instructions[index].next) }
    isAnchored =
      instructions[index].operation == .assert
      && instructions[index].operand == Int32(RegexAssertion.textStart.rawValue)
  }

  /// Whether a match can start with each symbol, the last one being the end of the text. Assertions
  /// are taken to hold, so this may say yes too often, never no.
  func startSymbols() -> [Bool] {
    var result = [Bool](repeating: false, count: alphabet.count + 1)
    var isSeen = [Bool](repeating: false, count: instructions.count)
    var isSetSeen: Set<Int32> = []
    let memberships = alphabet.memberships
    var stack = [Int32(truncatingIfNeeded: start)]
    while let index = stack.popLast() {
      if isSeen[Int(index)] { continue }
      isSeen[Int(index)] = true
      let instruction = instructions[Int(index)]
      switch instruction.operation {
      case .split: stack += [instruction.next, instruction.operand]
      case .save, .assert: stack.append(instruction.next)
      case .match: return [Bool](repeating: true, count: alphabet.count + 1)
      case .consume:
        guard isSetSeen.insert(instruction.operand).inserted else { continue }
        for symbol in 0..<alphabet.count
        where alphabet.set(Int(instruction.operand), contains: symbol, memberships.span) {
          result[symbol] = true
        }
      }
    }
    return result
  }
}
