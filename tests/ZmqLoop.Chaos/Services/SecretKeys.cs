namespace ZmqLoop.Chaos.Services;

/// <summary>Keys that both sides of an attack know: those of RFC 26's examples, as everybody's tests have them.</summary>
internal static class SecretKeys
{
    public static CurveKeyPair Server { get; } =
        new(Z85.Decode("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"), Z85.Decode("JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"));

    public static CurveKeyPair Client { get; } =
        new(Z85.Decode("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"), Z85.Decode("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"));
}
