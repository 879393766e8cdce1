import CEL
import Testing

/// Both sides of every limit, and the texts that limits are there for.
@Suite struct JSONLimitTests {
  @Test func defaults() {
    #expect(JSONLimits.default == JSONLimits(bytes: 16 << 20, depth: 100, nodes: 1_000_000))
  }

  @Test func bytes() {
    #expect(readJSON("[1,2]", JSONLimits(bytes: 5)).error == nil)
    #expect(readJSON("[1,2]", JSONLimits(bytes: 4)).error?.code == .tooLarge)
    #expect(readJSON("1", JSONLimits(bytes: 0)).error?.code == .tooLarge)
    #expect(readJSON("1", JSONLimits(bytes: .min)).error?.code == .tooLarge)
    #expect(readJSON("1", JSONLimits(bytes: .max)).error == nil)
  }

  @Test func bytesByDefault() {
    let most = 16 << 20
    var bytes = [UInt8](repeating: 0x20, count: most)
    bytes[most / 2] = 0x31
    #expect(readJSON(bytes).value == .int(1))
    bytes.append(0x20)
    #expect(readJSON(bytes).error?.code == .tooLarge)
  }

  @Test func depth() {
    #expect(readJSON(nested(3), JSONLimits(depth: 3)).error == nil)
    #expect(readJSON(nested(4), JSONLimits(depth: 3)).error?.code == .tooDeep)
    #expect(readJSON(nested(4), JSONLimits(depth: 3)).error?.offset == 3)
    #expect(readJSON("1", JSONLimits(depth: 0)).error == nil)
    #expect(readJSON("[]", JSONLimits(depth: 0)).error?.code == .tooDeep)
    #expect(readJSON("[]", JSONLimits(depth: .min)).error?.code == .tooDeep)
    #expect(readJSON(nested(100)).error == nil)
    #expect(readJSON(nested(101)).error?.code == .tooDeep)
    #expect(readJSON(#"{"a":{"b":[]},"c":{"d":[]}}"#, JSONLimits(depth: 3)).error == nil)
    #expect(readJSON(#"{"a":{"b":[[]]}}"#, JSONLimits(depth: 3)).error?.offset == 11)
    #expect(readJSON("[[],[],[]]", JSONLimits(depth: 2)).error == nil)
  }

  /// A depth that no stack could take costs nothing, whether it is allowed or not.
  @Test(.timeLimit(.minutes(20))) func hostileDepth() {
    let depth = 100_000
    #expect(readJSON(nested(depth)).error?.offset == 100)
    #expect(readJSON(String(repeating: "[", count: depth)).error?.offset == 100)
    #expect(readJSON(String(repeating: "{\"a\":", count: depth)).error?.code == .tooDeep)
    let deep = try? readJSON(nested(depth), JSONLimits(depth: .max)).get()
    #expect(deep?.nodes.count == depth)
    #expect(deep?.nodes.first?.next == depth)
    let open = readJSON(String(repeating: "[", count: depth), JSONLimits(depth: depth))
    #expect(open.error?.code == .unexpectedEnd)
    let closed = String(repeating: "]", count: depth)
    #expect(readJSON(closed).error?.code == .unexpectedCharacter)
  }

  @Test func nodes() {
    #expect(readJSON("[1,2]", JSONLimits(nodes: 3)).error == nil)
    #expect(readJSON("[1,2]", JSONLimits(nodes: 2)).error?.code == .tooManyValues)
    #expect(readJSON("[1,2]", JSONLimits(nodes: 2)).error?.offset == 3)
    #expect(readJSON(#"{"a":1}"#, JSONLimits(nodes: 3)).error == nil)
    #expect(readJSON(#"{"a":"\n"}"#, JSONLimits(nodes: 2)).error?.offset == 5)
    #expect(readJSON(#"{"a":1.5}"#, JSONLimits(nodes: 2)).error?.offset == 5)
    #expect(readJSON(#"{"a":[]}"#, JSONLimits(nodes: 2)).error?.offset == 5)
    #expect(readJSON("true", JSONLimits(nodes: 0)).error?.code == .tooManyValues)
    #expect(readJSON("1", JSONLimits(nodes: .min)).error?.code == .tooManyValues)
    #expect(readJSON("[1,2]", JSONLimits(depth: .max, nodes: .max)).error == nil)
  }

  @Test(.timeLimit(.minutes(20))) func nodesByDefault() {
    let ones = String(repeating: "1,", count: 999_998)
    #expect((try? readJSON("[\(ones)1]").get())?.nodes.count == 1_000_000)
    #expect(readJSON("[\(ones)1,1]").error?.code == .tooManyValues)
  }

  /// The room for nodes is reckoned from the length of the text: the densest texts must fit.
  @Test func densestTexts() {
    let texts = [
      "1", "[]", "[1]", "[1,1]", "[[]]", "[[],[]]", "[1,[1,[1]]]", "[[[[[[1]]]]],1]", "{\"\":1}",
      "[\"\",\"\"]", "{\"\":[],\"a\":{}}", "[[1],[1],[1]]", "[[[1,1],[1,1]],[[1,1],[1,1]]]",
    ]
    for text in texts { #expect(readJSON(text).error == nil, "\(text)") }
    for depth in 1...20 {
      for ones in 1...4 {
        let inside = Array(repeating: "1", count: ones).joined(separator: ",")
        let open = String(repeating: "[", count: depth)
        let close = String(repeating: "]", count: depth)
        #expect(readJSON(open + inside + close, JSONLimits(depth: depth)).error == nil)
        // Without its end the text is denser still, and the fault is still the missing end.
        let cut = readJSON(open + inside, JSONLimits(depth: depth))
        #expect(cut.error?.code == .unexpectedEnd)
      }
    }
  }

  private func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }
}
