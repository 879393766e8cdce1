import Testing

@testable import PolicyEngine

/// The published vectors of FIPS 180-4, and that pieces make no difference.
@Suite struct DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func publishedVectors(_ text: String, _ digest: String) {
    var whole = SHA256()
    whole.update(Array(text.utf8))
    #expect(whole.hex() == digest)
    var pieces = SHA256()
    let bytes = Array(text.utf8)
    var index = 0
    var length = 1
    while index < bytes.count {
      pieces.update(Array(bytes[index..<min(index + length, bytes.count)]))
      index += length
      length = length % 97 + 1
    }
    #expect(pieces.hex() == digest)
  }
}
