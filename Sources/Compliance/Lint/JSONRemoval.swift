import CEL
import PolicyEngine

/// Taking members and elements out of a JSON text without touching the rest of it.
extension SourceFile {
  /// A fix that removes a member (by the node of its name) or an element of this container.
  func removal(of child: Int, from container: Int) -> LintFinding.Fix? {
    let isObject = tape.kind(of: container) == .object
    let children = Array(tape.children(of: container))
    guard let place = children.firstIndex(of: child) else { return nil }
    func end(_ child: Int) -> Int {
      tape.sourceRange(of: isObject ? child + 1 : child).upperBound
    }
    func start(_ child: Int) -> Int { tape.sourceRange(of: child).lowerBound }
    let range: Range<Int>
    if children.count == 1 {
      let all = tape.sourceRange(of: container)
      range = all.lowerBound + 1..<all.upperBound - 1
    } else if place + 1 < children.count {
      // What comes next takes its place.
      range = start(child)..<start(children[place + 1])
    } else {
      range = end(children[place - 1])..<end(child)
    }
    return LintFinding.Fix(file: name, range: range, replacement: [])
  }

  /// A fix that removes the member of this name.
  func removal(ofMember name: String, from object: Int) -> LintFinding.Fix? {
    guard let value = tape.member(name, of: object) else { return nil }
    return removal(of: value - 1, from: object)
  }
}
