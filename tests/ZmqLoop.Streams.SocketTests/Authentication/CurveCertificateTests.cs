namespace ZmqLoop.Streams.SocketTests;

/// <summary>Files of keys, which the engine makes.</summary>
public sealed class CurveCertificateTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("zmqloop-certificates-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void What_is_created_is_loaded_and_the_secret_is_in_one_file_only()
    {
        (string publicFile, string secretFile) = CurveCertificate.Create(_directory.FullName, "alice",
            new Dictionary<string, string> { ["email"] = "alice@example.org", ["note"] = "a = b # c" });
        Assert.Equal((Path.Combine(_directory.FullName, "alice.key"), Path.Combine(_directory.FullName, "alice.key_secret")),
            (publicFile, secretFile));
        CurveCertificate known = CurveCertificate.Load(publicFile);
        CurveCertificate secret = CurveCertificate.Load(secretFile);
        Assert.Null(known.SecretKey);
        Assert.Equal((32, 32), (known.PublicKey.Length, secret.SecretKey?.Length));
        Assert.Equal(known.PublicKey, secret.PublicKey);
        Assert.All([known, secret], static certificate =>
            Assert.Equal(("alice@example.org", "a = b # c"), (certificate.Metadata["email"], certificate.Metadata["note"])));
        Assert.DoesNotContain(Z85.Encode(secret.SecretKey), secret.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secretFile));
    }

    [Fact]
    public void Keys_are_not_overwritten()
    {
        (string publicFile, string secretFile) = CurveCertificate.Create(_directory.FullName, "alice");
        string before = File.ReadAllText(secretFile);
        Assert.Throws<IOException>(() => CurveCertificate.Create(_directory.FullName, "alice"));
        File.Delete(publicFile);
        Assert.Throws<IOException>(() => CurveCertificate.Create(_directory.FullName, "alice"));
        Assert.Equal(before, File.ReadAllText(secretFile));
        Assert.False(File.Exists(publicFile));
    }

    // As pyzmq 24 writes it, and czmq.
    [Theory]
    [InlineData("#   ****  Generated on 2022-12-01 10:00:00.000000 by pyzmq  ****\n#   ZeroMQ CURVE **Secret** Certificate\n\nmetadata\n  "
        + "  name = alice\ncurve\n    public-key = "
            + "\"Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID\"\n    secret-key = \"D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\"\n")]
    [InlineData("#   ZeroMQ CURVE **Secret** Certificate\r\nmetadata\r\n    name = \"alice\"\r\ncurve\r\n    public-key = "
        + "'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID'\r\n    secret-key = 'D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs'")]
    public void Files_of_others_are_read(string text)
    {
        CurveCertificate certificate = CurveCertificate.Load(Write("other.key_secret", text));
        Assert.Equal("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs", Z85.Encode(certificate.SecretKey));
        Assert.Equal("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", Z85.Encode(certificate.PublicKey));
        Assert.Equal("alice", certificate.Metadata["name"]);
    }

    [Fact]
    public void What_is_no_certificate_is_refused_with_the_files_name()
    {
        Assert.Throws<FileNotFoundException>(() => CurveCertificate.Load(Path.Combine(_directory.FullName, "nobody.key")));
        string empty = Write("empty.key", "metadata\ncurve\n");
        Assert.Contains(empty, Assert.Throws<FormatException>(() => CurveCertificate.Load(empty)).Message, StringComparison.Ordinal);
        string wrong = Write("wrong.key", "curve\n    public-key = \"short\"\n");
        Assert.Contains(wrong, Assert.Throws<FormatException>(() => CurveCertificate.Load(wrong)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            CurveCertificate.Create(_directory.FullName, "x", new Dictionary<string, string> { ["a"] = "line\nbreak" }));
        Assert.Throws<ArgumentException>(() =>
            CurveCertificate.Create(_directory.FullName, "x", new Dictionary<string, string> { ["a b"] = "" }));
        Assert.False(File.Exists(Path.Combine(_directory.FullName, "x.key_secret")));
    }

    [Theory]
    [InlineData("../alice")]
    [InlineData("/tmp/alice")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    [InlineData("C:alice")]
    public void A_name_stays_in_its_folder(string name)
    {
        string folder = _directory.CreateSubdirectory("keys").FullName;
        Assert.Throws<ArgumentException>(() => CurveCertificate.Create(folder, name));
        Assert.Empty(_directory.EnumerateFiles("*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("a\0", "b")]
    [InlineData("a\u001B[2J", "b")]
    [InlineData("\u0085a", "b")]
    [InlineData("a", "b\u007F")]
    public void Metadata_with_control_characters_is_refused_in_names_and_values(string name, string value)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            CurveCertificate.Create(_directory.FullName, "x", new Dictionary<string, string> { [name] = value }));
        Assert.Equal("metadata", error.ParamName);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.Empty(_directory.EnumerateFiles());
    }

    [Fact]
    public void Metadata_is_never_taken_for_a_key_and_comes_back_as_it_was()
    {
        foreach (string name in (string[])["public-key", "secret-key"])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() =>
                CurveCertificate.Create(_directory.FullName, "x", new Dictionary<string, string> { [name] = "mine" }));
            Assert.Contains("another name", error.Message, StringComparison.Ordinal);
        }

        Dictionary<string, string> metadata = new() { ["a"] = "'quoted'", ["b"] = " blank ", ["c"] = "", ["d"] = "'", ["e"] = "# = x" };
        Assert.Equal(metadata, CurveCertificate.Load(CurveCertificate.Create(_directory.FullName, "y", metadata).PublicFile).Metadata);
        Assert.Throws<ArgumentException>(() =>
            CurveCertificate.Create(_directory.FullName, "z", new Dictionary<string, string> { ["a"] = "say \"x\"" }));
        const string Key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
        CurveCertificate read = CurveCertificate.Load(Write("meta.key",
            $"metadata\n    public-key = \"D:)Q[IlAW!ahhC2ac:9*A}}h:p?([4%wOTJ%JR%cs\"\ncurve\n    public-key = \"{Key}\"\n"));
        Assert.Equal(Key, Z85.Encode(read.PublicKey));
        string twice = Write("twice.key", $"curve\n    public-key = \"{Key}\"\n    public-key = \"{Key}\"\n");
        FormatException wrong = Assert.Throws<FormatException>(() => CurveCertificate.Load(twice));
        Assert.Contains("more than one", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_gives_its_public_certificates()
    {
        CurveCertificate.Create(_directory.FullName, "alice");
        CurveCertificate.Create(_directory.FullName, "bob");
        Assert.Equal(2, CurveCertificate.LoadAll(_directory.FullName).Count);
        Assert.All(CurveCertificate.LoadAll(_directory.FullName), static certificate => Assert.Null(certificate.SecretKey));
        Assert.Throws<DirectoryNotFoundException>(() => CurveCertificate.LoadAll(Path.Combine(_directory.FullName, "none")));
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(_directory.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
