namespace ZmqLoop.Tests;

public sealed class CallbackOriginTests
{
    [Fact]
    public void A_callback_is_called_as_it_is_in_the_source()
    {
        int captured = 0;
        void LocalFunction() => captured++;
        string here = $"{nameof(CallbackOriginTests)}.{nameof(A_callback_is_called_as_it_is_in_the_source)}";
        Assert.Equal($"{here} (lambda)", NameOf(static () => { }));
        Assert.Equal($"{here} (lambda)", NameOf(() => captured++));
        Assert.Equal($"{here} (lambda)", NameOf(() => ((Action)(() => captured++))()));
        Assert.Equal($"{here}.LocalFunction", NameOf(LocalFunction));
        Assert.Equal("CallbackOriginTests.Method", NameOf(Method));
        Assert.Equal("CallbackOriginTests.Nested.Method", NameOf(Nested.Method));
        Assert.Equal("CallbackOriginTests.Nested.InLambda (lambda)", NameOf(Nested.InLambda()));
        Assert.Equal("CallbackOriginTests.Generic`1.Method", NameOf(Generic<List<int>>.Method));
        Assert.Equal("CallbackOriginTests.Generic`1.InLambda (lambda)", NameOf(Generic<string>.InLambda()));
        Assert.Equal("List`1.Clear", NameOf(new List<int>().Clear));
    }

    [Fact]
    public void Without_a_name_the_kind_and_the_type_must_do()
    {
        Task task = new(static () => { });
        Assert.Equal($"Callback Task {task.Id}", new CallbackOrigin(CallbackKind.Callback, task).ToString());
        Assert.Equal("Timeout Object", new CallbackOrigin(CallbackKind.Timeout, new object()).ToString());
        Assert.Equal("Handler of 7", new CallbackOrigin(CallbackKind.Handler, null, 7).ToString());
    }

    [Theory]
    [InlineData("Program", "<<Main>$>g__Handle|0_1", "Program.Main.Handle")]
    [InlineData("Space.Service+<>c__DisplayClass3_0+<<Start>b__1>d", "MoveNext", "Space.Service.Start (lambda)")]
    [InlineData("Service+<<Start>g__Once|3_7>d`1", "MoveNext", "Service.Start.Once")]
    [InlineData("Service+<>c", "<Start>b__0_0", "Service.Start (lambda)")]
    [InlineData("Service", "<Start", "Service.<Start")]
    [InlineData("Service", "<>", "Service.<>")]
    [InlineData("", "Start", "Start")]
    public void Names_that_the_compiler_makes_are_read_backwards(string type, string method, string expected) =>
        Assert.Equal(expected, CallbackName.Of(type, method));

    private static string NameOf(Action callback)
    {
        string name = new CallbackOrigin(CallbackKind.Callback, callback).ToString();
        Assert.StartsWith("Callback ", name, StringComparison.Ordinal);
        return name["Callback ".Length..];
    }

    private void Method() => GC.KeepAlive(this);

    private static class Nested
    {
        public static void Method()
        {
        }

        public static Action InLambda() => static () => { };
    }

    private static class Generic<T>
    {
        public static void Method()
        {
        }

        public static Action InLambda() => static () => GC.KeepAlive(typeof(T));
    }
}
