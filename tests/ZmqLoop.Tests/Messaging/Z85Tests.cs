namespace ZmqLoop.Tests.Messaging;

public sealed class Z85Tests
{
    // The test vectors of RFC 32 and of pyzmq's test_z85.
    [Theory]
    [InlineData("864FD26FB559F75B", "HelloWorld")]
    [InlineData("BB88471D65E2659B30C55A5321CEBB5AAB2B70A398645C26DCA2B2FCB43FC518", "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")]
    [InlineData("7BB864B489AFA3671FBE69101F94B38972F24816DFB01B51656B3FEC8DFD0888", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs")]
    [InlineData("", "")]
    [InlineData("00000000FFFFFFFF", "00000%nSc0")]
    public void What_is_encoded_is_decoded_as_RFC_32_has_it(string bytes, string text)
    {
        Assert.Equal(text, Z85.Encode(Convert.FromHexString(bytes)));
        Assert.Equal(bytes, Convert.ToHexString(Z85.Decode(text)));
    }

    [Fact]
    public void What_is_no_Z85_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Z85.Encode([1, 2, 3]));
        Assert.Throws<FormatException>(() => Z85.Decode("1234"));
        Assert.Throws<FormatException>(() => Z85.Decode("1234\""));
        Assert.Throws<FormatException>(() => Z85.Decode("%nSc1")); // one more than four bytes hold
        Assert.Throws<FormatException>(() => CurveKeyPair.Parse("HelloWorld"));
        Assert.Throws<InvalidOperationException>(() => new CurveKeyPair([1], [2]).PublicKeyText);
    }

    [Fact]
    public void A_key_pair_shows_its_public_key_only()
    {
        CurveKeyPair keys = new(
            CurveKeyPair.Parse("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"), CurveKeyPair.Parse("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"));
        Assert.Equal("CURVE Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", keys.ToString());
        Assert.Equal("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs", keys.SecretKeyText);
    }
}
