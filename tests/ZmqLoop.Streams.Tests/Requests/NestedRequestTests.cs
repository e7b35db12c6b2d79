using System.Buffers;
using System.Text.Json;
using ZmqLoop.Streams.Tests.Serialization;

namespace ZmqLoop.Streams.Tests.Requests;

/// <summary>A handler of a shop's asks a bank: what it hears there is nothing for the shop's clients, unless the shop says so.</summary>
public sealed class NestedRequestTests
{
    private static readonly TypedContext _contracts = TypedContext.Default;

    [Theory]
    [InlineData("message")]
    [InlineData("typed")]
    [InlineData("contract")]
    [InlineData("JSON")]
    [InlineData("several at once")]
    public void What_another_server_failed_with_is_reported_and_the_client_is_told_nothing_of_it(string how)
    {
        using Shop shop = new();
        shop.Bank.OnRequest(static _ => throw new RemoteException("declined", "Card 4711 has 3 EUR."));
        shop.Answer(how);
        RemoteException told = Assert.IsType<RemoteException>(shop.Fail());
        Assert.Equal(("failed", "The server failed."), (told.Code, told.Message));
        Exception reported = Assert.Single(shop.Loop.Errors).Exception;
        Assert.StartsWith("declined: ", (reported as AggregateException)?.InnerException?.ToString() ?? $"{reported}",
            StringComparison.Ordinal);
        Assert.Equal(1, shop.Responder.ErrorReplies);
    }

    [Fact]
    public void A_rule_is_asked_and_passes_on_what_it_returns()
    {
        List<string> asked = [];
        using Shop shop = new(new ResponderOptions
        {
            ErrorReply = (_, error) =>
            {
                RemoteException heard = Assert.IsType<RemoteException>(error);
                asked.Add(heard.Code);
                return heard.Code == "declined" ? heard : null;
            },
        });
        shop.Bank.OnRequest(static request => throw new RemoteException(request.Body[0].ToText(), "Says the bank."));
        shop.Answer("message");
        RemoteException[] told = [(RemoteException)shop.Fail("declined"), (RemoteException)shop.Fail("broke")];
        Assert.Equal(["declined: Says the bank.", "failed: The server failed."], told.Select(static e => $"{e.Code}: {e.Message}"));
        Assert.Equal(["declined", "broke"], asked);
        Assert.Equal(2, shop.Loop.Errors.Count);
    }

    [Fact]
    public void A_handler_that_makes_a_new_error_of_it_answers_that_and_nothing_is_reported()
    {
        using Shop shop = new(new ResponderOptions { ErrorReply = static (_, _) => throw new InvalidOperationException("not asked") });
        shop.Bank.OnRequest(static _ => throw new RemoteException("declined", "Says the bank."));
        shop.Responder.OnRequest(async (request, cancelled) =>
        {
            try
            {
                return await shop.ToBank.RequestAsync(new Message(request.Body), cancelled);
            }
            catch (RemoteException error)
            {
                throw new RemoteException(error.Code, error.Message);
            }
        });
        RemoteException told = Assert.IsType<RemoteException>(shop.Fail());
        Assert.Equal(("declined", "Says the bank."), (told.Code, told.Message));
        Assert.Empty(shop.Loop.Errors);
    }

    [Theory]
    [InlineData("typed")]
    [InlineData("contract")]
    [InlineData("JSON")]
    public void An_answer_of_another_server_that_cannot_be_read_is_no_bad_request_of_the_client(string how)
    {
        using Shop shop = new(new ResponderOptions { ErrorReply = static (_, _) => null });
        shop.Bank.OnRequest(static _ => new Message("secret soup"));
        shop.Answer(how);
        RemoteException told = Assert.IsType<RemoteException>(shop.Fail());
        Assert.Equal(("failed", "The server failed."), (told.Code, told.Message));
        MessageFormatException reported = Assert.IsType<MessageFormatException>(Assert.Single(shop.Loop.Errors).Exception);
        Assert.Equal("inproc://bank", reported.Peer);
        Assert.Contains("secret soup", reported.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("typed")]
    [InlineData("contract")]
    [InlineData("JSON")]
    public void The_clients_own_bytes_that_cannot_be_read_are_a_bad_request(string how)
    {
        using Shop shop = new();
        shop.Answer(how);
        RemoteException told = Assert.IsType<RemoteException>(shop.Fail("soup"));
        Assert.Equal("bad-request", told.Code);
        Assert.StartsWith("The request cannot be read: it has 4 bytes: soup", told.Message, StringComparison.Ordinal);
        Assert.Empty(shop.Loop.Errors);
    }

    [Fact]
    public void A_server_that_does_not_answer_is_named_in_the_log_and_not_to_the_client()
    {
        using Shop shop = new();
        shop.Bank.OnRequest(static async (_, cancelled) =>
        {
            await new TaskCompletionSource().Task.WaitAsync(cancelled);
            return new Message("never");
        });
        shop.Responder.OnRequest(async (request, cancelled) => await shop.ToBank.RequestAsync(
            new Message(request.Body), new RequestOptions { Timeout = TimeSpan.FromSeconds(1) }, cancelled));
        RemoteException told = Assert.IsType<RemoteException>(shop.Fail());
        Assert.Equal(("failed", "The server failed."), (told.Code, told.Message));
        Assert.StartsWith("No answer from inproc://bank ",
            Assert.IsType<RequestTimeoutException>(Assert.Single(shop.Loop.Errors).Exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_the_handler_itself_has_called_off_is_an_error_like_any_other()
    {
        using Shop shop = new();
        using CancellationTokenSource enough = new();
        shop.Bank.OnRequest(async (_, cancelled) =>
        {
            enough.Cancel();
            await new TaskCompletionSource().Task.WaitAsync(cancelled);
            return new Message("never");
        });
        shop.Responder.OnRequest(async (request, _) => await shop.ToBank.RequestAsync(new Message(request.Body), enough.Token));
        Assert.Equal(nameof(TaskCanceledException), Assert.IsType<RemoteException>(shop.Fail()).Code);
        Assert.Single(shop.Loop.Errors);
    }

    [Fact]
    public void What_comes_of_another_server_when_the_client_was_answered_is_reported_and_counted()
    {
        using Shop shop = new(new ResponderOptions { HandlerTimeout = TimeSpan.FromSeconds(1) });
        shop.Bank.OnRequest(async (_, _) =>
        {
            await shop.Loop.Delay(3, CancellationToken.None);
            throw new RemoteException("declined", "Says the bank.");
        });
        shop.Responder.OnRequest(async (request, _) => await shop.ToBank.RequestAsync(new Message(request.Body), CancellationToken.None));
        Assert.Equal(RemoteException.TimedOut, Assert.IsType<RemoteException>(shop.Fail()).Code);
        Assert.Equal(1, shop.Responder.LateReplies);
        Assert.Equal("Says the bank.", Assert.Single(shop.Loop.Errors).Exception.Message);
    }

    /// <summary>Both servers, their clients, and the loop of all, in manual time.</summary>
    private sealed class Shop : IDisposable
    {
        private readonly ScriptedEngine _engine = new();
        private readonly RequestClient _customer;

        public Shop(ResponderOptions? options = null)
        {
            Bank = new Responder(_engine.CreateSocket(SocketType.Router), Loop);
            Bank.Bind("inproc://bank");
            ToBank = new RequestClient(
                _engine.CreateSocket(SocketType.Dealer), Loop, new RequestClientOptions { Serializer = new StrictSerializer() });
            ToBank.Connect("inproc://bank");
            Responder = new Responder(_engine.CreateSocket(SocketType.Router), Loop,
                (options ?? new ResponderOptions()) with { Serializer = new StrictSerializer() });
            Responder.Bind("inproc://shop");
            _customer = new RequestClient(_engine.CreateSocket(SocketType.Dealer), Loop);
            _customer.Connect("inproc://shop");
        }

        public ScriptedLoop Loop { get; } = new();

        public Responder Bank { get; }

        public RequestClient ToBank { get; }

        public Responder Responder { get; }

        /// <summary>By asking the bank.</summary>
        public void Answer(string how)
        {
            switch (how)
            {
                case "message":
                    Responder.OnRequest((request, cancelled) => ToBank.RequestAsync(new Message(request.Body), cancelled));
                    break;
                case "contract":
                    Responder.OnRequest(null, (Point point, ReceivedRequest _, CancellationToken cancelled) => ToBank.RequestAsync(
                        point, _contracts.Point, _contracts.Point, cancellationToken: cancelled), _contracts.Point, _contracts.Point);
                    break;
                case "JSON":
                    Responder.OnRequestJson(null, (node, _, cancelled) => ToBank.RequestJsonAsync(node, cancellationToken: cancelled));
                    break;
                case "several at once":
                    Responder.OnRequest(async (request, cancelled) =>
                    {
                        Task<Message> asked = ToBank.RequestAsync(new Message(request.Body), cancelled);
                        try
                        {
                            return await asked;
                        }
                        catch (RemoteException)
                        {
                            throw asked.Exception!; // as of Task.WhenAll, which would go on behind a thread of the pool
                        }
                    });
                    break;
                default:
                    Responder.OnRequest<Point, Point>(null, (point, _, cancelled) =>
                        ToBank.RequestAsync<Point, Point>(point, cancellationToken: cancelled));
                    break;
            }
        }

        /// <summary>Asks it as a customer.</summary>
        /// <returns>What the customer is told.</returns>
        public Exception Fail(string body = """{"X":1,"Y":2}""")
        {
            Task<Message> asked = _customer.RequestAsync(new Message(body));
            Deadline.RunUntil(Loop, () => asked.IsCompleted);
            Loop.RunUntilIdle();
            return Assert.IsType<AggregateException>(asked.Exception).InnerException!;
        }

        public void Dispose()
        {
            _customer.Dispose();
            Responder.Dispose();
            ToBank.Dispose();
            Bank.Dispose();
            Loop.Dispose();
            _engine.Dispose();
        }
    }

    /// <summary>Says itself that it cannot read, by this library's exception.</summary>
    private sealed class StrictSerializer : IFrameSerializer
    {
        private readonly JsonFrameSerializer _json = new(_contracts);

        public void Serialize<T>(T value, IBufferWriter<byte> target) => _json.Serialize(value, target);

        public T? Deserialize<T>(ReadOnlySpan<byte> source)
        {
            try
            {
                return _json.Deserialize<T>(source);
            }
            catch (JsonException exception)
            {
                throw new MessageFormatException("That is no JSON.", exception);
            }
        }
    }
}
