using static ZmqLoop.Streams.Tests.Requests.RequestWorld;

namespace ZmqLoop.Streams.Tests.Requests;

public sealed class RequestClientTests
{
    [Fact]
    public void Answers_come_to_whoever_asked_in_whatever_order()
    {
        using RequestWorld world = new();
        world.Server.OnRecv(message => world.Received.Add(message));
        Task<Message>[] answers = [.. MessageText.Numbers(3).Select(number => world.Ask(number))];
        world.RunFor(1);
        Assert.Equal(3, world.Client.InFlight);
        foreach (Message request in world.Received.AsEnumerable().Reverse())
            world.Server.SendMultipart(request[0], request[1], $"answer {request[2].ToText()}", "more");
        world.Run();
        Assert.Equal(["answer 0|more", "answer 1|more", "answer 2|more"], answers.Select(Text));
        Assert.Equal((0, 3L, 0L), (world.Client.InFlight, world.Client.Answers, world.Client.LateAnswers));
    }

    [Fact]
    public void A_request_whose_time_is_over_says_what_the_state_was_and_its_late_answer_is_dropped_and_counted()
    {
        using RequestWorld world = new();
        world.Server.OnRecv(message => world.Received.Add(message));
        Task<Message> answer = world.Ask("slow", new RequestOptions { Timeout = Seconds(2) });
        world.Run();
        RequestTimeoutException error = Assert.IsType<RequestTimeoutException>(answer.Exception!.InnerException);
        Assert.Equal(
            "No answer from inproc://server within 2 s. It was sent once, 2 s ago. In flight: 1 of 1000, waiting for a place: 0, "
            + "in the send queue: 0. A server is connected. No answer has come yet, late ones so far: 0.", error.Message);
        Assert.Equal((1, 1, 0, 0), (error.TimesSent, error.InFlight, error.Waiting, error.SendQueueLength));
        Assert.Null(error.LastAnswerAge);
        Assert.Equal(Seconds(2), world.Loop.ManualTime.Now);

        world.Server.SendMultipart(world.Received[0][0], world.Received[0][1], "at last");
        Task<Message> next = world.Ask("next", new RequestOptions { Timeout = Seconds(3) });
        world.Run();
        Assert.Contains("The last answer came 3 s ago, late ones so far: 1.", next.Exception!.InnerException!.Message,
            StringComparison.Ordinal);
        Assert.Equal((0L, 1L), (world.Client.Answers, world.Client.LateAnswers));
    }

    [Fact]
    public void The_error_tells_cancellations_from_what_else_is_queued_and_that_it_waits_to_be_sent_again()
    {
        using RequestWorld world = new();
        world.Serve(static _ => null);
        RequestOptions telling = new() { Timeout = Seconds(2), TellsCancellation = true };
        Task<Message> calledOff = world.Ask("called off", telling);
        Task<Message> again = world.Ask("again", new RequestOptions { Timeout = Seconds(2.5), TryTimeout = Seconds(1), Retries = 1 });
        world.RunFor(0.5);
        world.Server.Close();
        world.Run();
        Assert.True(calledOff.IsFaulted);
        RequestTimeoutException error = Assert.IsType<RequestTimeoutException>(again.Exception!.InnerException);
        Assert.Equal(
            "No answer from inproc://server within 2.5 s. It was sent once, 2.5 s ago, and waits to be sent again. In flight: 1 of 1000, "
            + "waiting for a place: 0, in the send queue: 2 (1 cancellations among them). No server is connected now, or none has room. "
            + "No answer has come yet, late ones so far: 0.", error.Message);
        Assert.Equal((1, 2), (error.TimesSent, error.SendQueueLength));
    }

    [Fact]
    public void Without_a_server_the_error_says_that_it_was_never_sent_and_it_never_is()
    {
        using RequestWorld world = new(connect: false);
        Task<Message> answer = world.Ask("hello", new RequestOptions { Timeout = Seconds(2) });
        world.Run();
        RequestTimeoutException error = Assert.IsType<RequestTimeoutException>(answer.Exception!.InnerException);
        Assert.Contains("which is not connected within 2 s. It was never sent: no server had room for it.", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("No server is connected now, or none has room.", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, error.TimesSent);

        world.Serve(static question => question);
        world.Connect();
        world.Run();
        Assert.Empty(world.Asked);
    }

    [Fact]
    public void Requests_wait_for_a_server_and_a_cancelled_one_is_taken_back()
    {
        using RequestWorld world = new(connect: false);
        using CancellationTokenSource cancel = new();
        world.Serve(static question => question);
        Task<Message> first = world.Ask("first", cancellationToken: cancel.Token);
        Task<Message> second = world.Ask("second");
        world.RunFor(1);
        cancel.Cancel();
        world.Connect();
        world.Run();
        Assert.True(first.IsCanceled);
        Assert.Equal("second", Text(second));
        Assert.Equal(["second"], world.Asked);
        Assert.Equal(0, world.Client.InFlight);
    }

    [Fact]
    public void No_more_requests_are_in_flight_than_the_limit_says_and_the_others_wait_in_order()
    {
        using RequestWorld world = new(new RequestClientOptions { MaxInFlight = 2 });
        int most = 0;
        world.Serve(question =>
        {
            most = Math.Max(most, world.Client.InFlight);
            return question;
        });
        Task<Message>[] answers = [.. MessageText.Numbers(10).Select(number => world.Ask(number))];
        world.Run();
        Assert.Equal(MessageText.Numbers(10), answers.Select(Text));
        Assert.Equal(MessageText.Numbers(10), world.Asked);
        Assert.Equal(2, most);
        Assert.Equal(0, world.Client.Waiting);
    }

    [Fact]
    public void Who_waits_for_a_place_until_the_time_is_over_or_gives_up_is_never_sent_and_leaves_the_place_to_others()
    {
        using RequestWorld world = new(new RequestClientOptions { MaxInFlight = 1 });
        using CancellationTokenSource cancel = new();
        world.Serve(static question => question == "stuck" ? null : question);
        Task<Message> stuck = world.Ask("stuck", new RequestOptions { Timeout = Seconds(3) });
        Task<Message> late = world.Ask("late", new RequestOptions { Timeout = Seconds(2) });
        Task<Message> given = world.Ask("given up", cancellationToken: cancel.Token);
        Task<Message> patient = world.Ask("patient");
        world.RunFor(1);
        Assert.Equal((1, 3), (world.Client.InFlight, world.Client.Waiting));
        cancel.Cancel();
        world.Run();
        Assert.IsType<RequestTimeoutException>(stuck.Exception!.InnerException);
        Assert.Contains("waited for a place among the 1 that may be in flight", late.Exception!.InnerException!.Message,
            StringComparison.Ordinal);
        Assert.True(given.IsCanceled);
        Assert.Equal("patient", Text(patient));
        Assert.Equal(["stuck", "patient"], world.Asked);
    }

    [Fact]
    public void A_request_that_is_safe_to_repeat_is_sent_again_after_pauses_that_grow()
    {
        using RequestWorld world = new();
        List<double> times = [];
        world.Serve(question =>
        {
            times.Add(world.Loop.ManualTime.Now.TotalSeconds);
            return times.Count == 4 ? question : null;
        });
        Task<Message> answer = world.Ask("again",
            new RequestOptions { Timeout = Seconds(60), Retries = 3, TryTimeout = Seconds(1), Backoff = Seconds(0.5) });
        world.Run();
        Assert.Equal("again", Text(answer));
        Assert.Equal([0, 1.5, 3.5, 6.5], times);
        Assert.Single(world.Received.Select(static message => message[0].ToText()).Distinct());
    }

    [Fact]
    public void The_answer_to_an_earlier_try_counts_and_the_second_one_is_late()
    {
        using RequestWorld world = new();
        world.Server.OnRecv(message =>
        {
            world.Received.Add(message);
            if (world.Received.Count < 2) return;
            foreach (Message request in world.Received) world.Server.SendMultipart(request[0], request[1], "done");
        });
        Task<Message> answer = world.Ask("twice", new RequestOptions { Retries = 5 });
        world.Run();
        Assert.Equal("done", Text(answer));
        Assert.Equal((1L, 1L, 2), (world.Client.Answers, world.Client.LateAnswers, world.Received.Count));
    }

    [Fact]
    public void All_tries_together_last_as_long_as_the_request_may()
    {
        using RequestWorld world = new();
        world.Serve(static _ => null);
        Task<Message> answer = world.Ask("never", new RequestOptions { Timeout = Seconds(2.5), Retries = 100, Backoff = TimeSpan.Zero });
        world.Run();
        Assert.Contains("It was sent 3 times, 0.5 s ago.", answer.Exception!.InnerException!.Message, StringComparison.Ordinal);
        Assert.Equal(3, world.Asked.Count);
    }

    [Fact]
    public void A_message_that_is_no_answer_is_counted_and_shown_when_a_request_times_out()
    {
        using RequestWorld world = new();
        world.Server.OnRecv(message => world.Server.SendMultipart("", message[2])); // a ROUTER that forgets half of the envelope
        Task<Message> answer = world.Ask("hello");
        world.Run();
        Assert.Equal(1, world.Client.ForeignMessages);
        Assert.Contains("1 messages came that are no answers, the first [, hello]: does the server give back", answer.Exception!
            .InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Closing_waits_for_answers_and_refuses_new_requests()
    {
        using RequestWorld world = new();
        world.Server.OnRecv(message => world.Loop.CallLater(1, () => world.Server.Send(message)));
        Task<Message> answer = world.Ask("hello");
        Task<bool>? closed = null;
        world.Loop.CallLater(0.5, () =>
        {
            closed = world.Client.CloseAsync(Seconds(10));
            Assert.Throws<ObjectDisposedException>(() => { _ = world.Ask("too late"); });
        });
        world.Run();
        Assert.Equal("hello", Text(answer));
        Deadline.WaitUntil(() => closed!.IsCompleted);
        Assert.True(closed!.Result);
        Assert.True(world.Client.IsClosed);
    }

    [Fact]
    public void What_is_open_when_the_client_is_closed_fails_and_says_why()
    {
        using RequestWorld world = new(new RequestClientOptions { MaxInFlight = 1 });
        Task<Message> inFlight = world.Ask("one");
        Task<Message> waiting = world.Ask("two");
        world.RunFor(1);
        Task<Message> posted = world.Ask("three");
        world.Client.Dispose();
        foreach (Task<Message> answer in (Task<Message>[])[inFlight, waiting, posted])
        {
            ObjectDisposedException error = Assert.IsType<ObjectDisposedException>(answer.Exception!.InnerException);
            Assert.Contains("the client was closed while it was open. A server may have carried it out.", error.Message,
                StringComparison.Ordinal);
        }

        Assert.Throws<ObjectDisposedException>(() => { _ = world.Ask("four"); });
        Assert.Equal((0, 0), (world.Client.InFlight, world.Client.Waiting));
    }

    [Fact]
    public void What_is_open_when_the_loop_is_closed_fails_and_says_why()
    {
        using RequestWorld world = new();
        Task<Message> answer = world.Ask("one");
        world.RunFor(1);
        world.Loop.Close();
        Assert.Contains("its loop was closed", answer.Exception!.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Contexts_are_in_force_after_the_await_and_none_leaks_into_other_requests()
    {
        using RequestWorld world = new();
        world.Serve(static question => question);
        List<string> errors = [];
        foreach (string name in (string[])["a", "b"])
        {
            ExceptionStackContext context = new(error =>
            {
                errors.Add($"{name}: {error.Message}");
                return true;
            });
            context.Run(() => world.Loop.AddCallback(async () =>
            {
                Message answer = await world.Ask(name);
                throw new InvalidOperationException(answer.Text());
            }));
        }

        world.Run();
        Assert.Equal(["a: a", "b: b"], errors.Order());
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_socket_that_is_no_DEALER_is_refused()
    {
        using RequestWorld world = new();
        using ScriptedSocket socket = new(SocketType.Req);
        ArgumentException error = Assert.Throws<ArgumentException>(() => new RequestClient(socket, world.Loop));
        Assert.Contains("speaks over a DEALER socket", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => { _ = world.Client.RequestAsync(new Message()); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = world.Ask("x", new RequestOptions { Timeout = TimeSpan.Zero }); });
    }

    private static string Text(Task<Message> answer)
    {
        Assert.True(answer.IsCompletedSuccessfully, $"{answer.Status} {answer.Exception}");
        return answer.Result.Text();
    }

    [Fact]
    public void An_error_of_a_servers_is_one_line_of_bounded_length_whatever_the_server_says()
    {
        using RequestWorld world = new();
        world.Server.OnRecv(message =>
        {
            byte[] failed = message[0].ToArray();
            failed[4] = (byte)'!';
            world.Server.SendMultipart(failed, message[1], "error", "co\nde", "it's \u001b[2J" + new string('x', 1_000_000));
        });
        Task<Message> asked = world.Ask("anything");
        world.Run();
        Deadline.WaitUntil(() => asked.IsCompleted);
        RemoteException error = Assert.IsType<RemoteException>(asked.Exception!.InnerException);
        Assert.Equal("co\\u{A}de", error.Code);
        Assert.StartsWith("it's \\u{1B}[2Jxxx", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 2000, 2010);
    }

    [Fact]
    public void The_longest_pauses_between_tries_are_never_over()
    {
        using RequestWorld world = new();
        world.Serve(static _ => null);
        RequestOptions options = new()
        {
            Retries = 3, TryTimeout = TimeSpan.MaxValue, Backoff = TimeSpan.MaxValue, Timeout = TimeSpan.FromHours(1),
        };
        Task<Message> asked = world.Ask("anything", options);
        world.RunFor(3601);
        Deadline.WaitUntil(() => asked.IsCompleted);
        Assert.IsType<RequestTimeoutException>(asked.Exception!.InnerException);
        Assert.Single(world.Asked);
        Assert.Empty(world.Loop.Errors);
    }
}
