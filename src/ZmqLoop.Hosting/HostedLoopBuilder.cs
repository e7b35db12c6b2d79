using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>Takes what runs on a loop of the host's: streams, responders and request clients, each by a name, by which services ask for
/// them: <c>[FromKeyedServices("orders")] ZMQStream orders</c>. As in a configuration, the case of names does not matter.</summary>
/// <remarks>
/// <para>Each is made when the first service asks for it, and bound and connected before any hosted service starts; what it was given is
/// looked at then, and what is wrong ends the start with an <see cref="OptionsValidationException"/> that names it. Handlers begin when all
/// hosted services have started, just before the application says that it has.</para>
/// <para>When the host stops, what has a handler finishes first, while all that the handlers use is still there; what has none is
/// closed after the last hosted service has stopped, with its own <c>DrainTime</c>.</para>
/// <para>A section of the configuration has the keys <c>Type</c>, <c>Bind</c>, <c>Connect</c> and <c>Subscribe</c> (a text or a list each),
/// <c>RequiredPeers</c>, and those of the options by their names: of the socket (<c>SendHighWaterMark</c>), and of the stream, responder or
/// client (<c>MaxConcurrency</c>). It is read once, at the start.</para>
/// </remarks>
public sealed class HostedLoopBuilder
{
    internal HostedLoopBuilder(IServiceCollection services, string name)
    {
        Services = services;
        Name = name;
    }

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The loop's name; empty for the application's.</summary>
    public string Name { get; }

    /// <summary>Adds a stream, a <see cref="ZMQStream"/>, without a handler: services receive and send by it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its socket.</param>
    /// <param name="configure">Says where it binds and connects, and sets its options.</param>
    /// <exception cref="ArgumentException">There is one of this name.</exception>
    public HostedLoopBuilder AddStream(
        string name, SocketType type, Action<HostedSocketOptions<ZMQStreamOptions>>? configure = null) =>
        AddStream(name, new SocketRegistration<ZMQStreamOptions>(name, type, null, configure), null);

    /// <summary>Adds a stream as a section of the configuration says, without a handler.</summary>
    /// <inheritdoc cref="AddStream(string, SocketType, Action{HostedSocketOptions{ZMQStreamOptions}}?)"
    ///     path="/*[not(@name='name' or @name='section' or @name='configure')]"/>
    /// <param name="name">Its name.</param>
    /// <param name="section">Has at least <c>Type</c>.</param>
    /// <param name="configure">Goes after the section.</param>
    public HostedLoopBuilder AddStream(
        string name, IConfiguration section, Action<HostedSocketOptions<ZMQStreamOptions>>? configure = null) =>
        AddStream(name, new SocketRegistration<ZMQStreamOptions>(name, null, section, configure), null);

    /// <summary>Adds what each section below one says, by the section's name. Its <c>Type</c> says what it is: a <c>Responder</c>, whose
    /// handlers <see cref="AddRequestHandler{THandler}(string, string)"/> and its overloads add, a <c>RequestClient</c>, or, by a type of
    /// socket (<c>Pub</c>), a stream without a handler. What was added before by such a name stays as it is: so the sections of streams
    /// and responders with a handler class may stand among them, when those are added first.</summary>
    /// <param name="sections">Has the sections. Which there are, and their types, is looked at now; all else when the host starts.</param>
    /// <exception cref="ArgumentException">The configuration has no such section, or nothing is in it.</exception>
    public HostedLoopBuilder AddSockets(IConfiguration sections)
    {
        ArgumentNullException.ThrowIfNull(sections);
        IConfigurationSection[] all = [.. sections.GetChildren()];
        if (all.Length == 0)
            throw new ArgumentException($"The configuration has no section {(sections as IConfigurationSection)?.Path ?? "here"} with a "
                + "section in it for each stream, responder and request client.", nameof(sections));
        foreach (IConfigurationSection section in all.Where(section => !IsAdded(section.Key)))
        {
            if (Is(section, nameof(Responder))) AddResponder(section.Key, section);
            else if (Is(section, nameof(RequestClient))) AddRequestClient(section.Key, section);
            else AddStream(section.Key, section);
        }

        return this;

        static bool Is(IConfigurationSection section, string type) =>
            type.Equals(section["Type"], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Adds a stream whose messages go to a handler, which is added to the services, scoped, where it is not
    /// there.</summary>
    /// <typeparam name="THandler">The handler's class.</typeparam>
    /// <inheritdoc cref="AddStream(string, SocketType, Action{HostedSocketOptions{ZMQStreamOptions}}?)" path="/*[not(@name='THandler')]"/>
    public HostedLoopBuilder AddStream<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string name, SocketType type, Action<HostedSocketOptions<ZMQStreamOptions>>? configure = null)
        where THandler : class, IMessageHandler =>
        AddStream(name, new SocketRegistration<ZMQStreamOptions>(name, type, null, configure), AddHandler<THandler>());

    /// <summary>Adds a stream as a section of the configuration says, whose messages go to a handler.</summary>
    /// <typeparam name="THandler">The handler's class.</typeparam>
    /// <inheritdoc cref="AddStream(string, IConfiguration, Action{HostedSocketOptions{ZMQStreamOptions}}?)"
    ///     path="/*[not(@name='THandler')]"/>
    public HostedLoopBuilder AddStream<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string name, IConfiguration section, Action<HostedSocketOptions<ZMQStreamOptions>>? configure = null)
        where THandler : class, IMessageHandler =>
        AddStream(name, new SocketRegistration<ZMQStreamOptions>(name, null, section, configure), AddHandler<THandler>());

    /// <summary>Adds a <see cref="Responder"/> whose requests go to a handler, which is added to the services, scoped, where it is not
    /// there.</summary>
    /// <typeparam name="THandler">The handler's class.</typeparam>
    /// <inheritdoc cref="AddStream(string, SocketType, Action{HostedSocketOptions{ZMQStreamOptions}}?)"
    ///     path="/*[not(@name='THandler' or @name='name' or @name='configure')]"/>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Says where it binds and connects, and sets its options.</param>
    public HostedLoopBuilder AddResponder<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string name, Action<HostedSocketOptions<ResponderOptions>>? configure = null) where THandler : class, IRequestHandler =>
        AddResponder<THandler>(name, new SocketRegistration<ResponderOptions>(name, SocketType.Router, null, configure));

    /// <summary>Adds a <see cref="Responder"/> as a section of the configuration says.</summary>
    /// <typeparam name="THandler">The handler's class.</typeparam>
    /// <inheritdoc cref="AddStream(string, IConfiguration, Action{HostedSocketOptions{ZMQStreamOptions}}?)"
    ///     path="/*[not(@name='THandler' or @name='name' or @name='section' or @name='configure')]"/>
    /// <param name="name">Its name.</param>
    /// <param name="section">The section.</param>
    /// <param name="configure">Goes after the section.</param>
    public HostedLoopBuilder AddResponder<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string name, IConfiguration section, Action<HostedSocketOptions<ResponderOptions>>? configure = null)
        where THandler : class, IRequestHandler =>
        AddResponder<THandler>(name, new SocketRegistration<ResponderOptions>(name, SocketType.Router, section, configure));

    /// <summary>Adds a <see cref="Responder"/> whose requests go to the handlers that <see cref="AddRequestHandler{THandler}(string,
    /// string)"/> and its overloads add, each by the name of its requests.</summary>
    /// <inheritdoc cref="AddStream(string, SocketType, Action{HostedSocketOptions{ZMQStreamOptions}}?)"
    ///     path="/*[not(@name='name' or @name='configure')]"/>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Says where it binds and connects, and sets its options.</param>
    public HostedLoopBuilder AddResponder(string name, Action<HostedSocketOptions<ResponderOptions>>? configure = null) =>
        AddResponder(name, new SocketRegistration<ResponderOptions>(name, SocketType.Router, null, configure));

    /// <summary>Adds a <see cref="Responder"/> as a section of the configuration says, whose requests go to the handlers that
    /// <see cref="AddRequestHandler{THandler}(string, string)"/> and its overloads add.</summary>
    /// <inheritdoc cref="AddStream(string, IConfiguration, Action{HostedSocketOptions{ZMQStreamOptions}}?)"
    ///     path="/*[not(@name='name' or @name='section' or @name='configure')]"/>
    /// <param name="name">Its name.</param>
    /// <param name="section">The section.</param>
    /// <param name="configure">Goes after the section.</param>
    public HostedLoopBuilder AddResponder(
        string name, IConfiguration section, Action<HostedSocketOptions<ResponderOptions>>? configure = null) =>
        AddResponder(name, new SocketRegistration<ResponderOptions>(name, SocketType.Router, section, configure));

    /// <summary>Gives a responder's requests of a name, which is their first frame, to a handler, which is added to the services, scoped,
    /// where it is not there.</summary>
    /// <typeparam name="THandler">The handler's class.</typeparam>
    /// <param name="responder">The responder's name. Before or after this, <see cref="AddSockets"/> or an <c>AddResponder</c> adds it;
    /// the host does not start without.</param>
    /// <param name="request">The name of the requests.</param>
    /// <exception cref="ArgumentException">The responder has a handler of such requests.</exception>
    public HostedLoopBuilder AddRequestHandler<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(string responder, string request)
        where THandler : class, IRequestHandler =>
        AddRequestHandler<THandler>(
            responder, request, static (handler, asked, cancellation) => handler.HandleAsync(asked, cancellation));

    /// <summary>Gives a responder's requests of a name to a method of any class, an object from a scope of its own for each request:
    /// <c>AddRequestHandler("orders", "find", (Orders orders, ReceivedRequest request, CancellationToken cancellation) =>
    /// orders.FindAsync(request, cancellation))</c>.</summary>
    /// <inheritdoc cref="AddRequestHandler{THandler}(string, string)" path="/*[not(@name='responder' or @name='request')]"/>
    /// <param name="responder">The responder's name.</param>
    /// <param name="request">The name of the requests.</param>
    /// <param name="handle">Called on the loop, as <see cref="IRequestHandler.HandleAsync"/>.</param>
    public HostedLoopBuilder AddRequestHandler<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string responder, string request, Func<THandler, ReceivedRequest, CancellationToken, Task<Message>> handle)
        where THandler : class
    {
        ArgumentNullException.ThrowIfNull(handle);
        return AddHandler<THandler>(responder, request, new MessageRequestHandler<THandler>(responder, request, handle));
    }

    /// <summary>Gives a responder's requests of a name to a method of any class, as values: by
    /// <see cref="ResponderOptions.Serializer"/>, or else by the <see cref="IFrameSerializer"/> of the services; where there is none, as
    /// JSON with the web's defaults, by reflection, which a program that is trimmed or published with Native AOT cannot: it does not start
    /// without a serializer.</summary>
    /// <typeparam name="THandler">The handler's class.</typeparam>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TReply">What is answered.</typeparam>
    /// <inheritdoc cref="AddRequestHandler{THandler}(string, string)" path="/exception"/>
    /// <param name="responder">The responder's name.</param>
    /// <param name="request">The name of the requests.</param>
    /// <param name="handle">Called on the loop, as <see cref="IRequestHandler.HandleAsync"/>.</param>
    public HostedLoopBuilder AddRequestHandler<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler, TRequest, TReply>(
        string responder, string request, Func<THandler, TRequest, CancellationToken, Task<TReply>> handle)
        where THandler : class
    {
        ArgumentNullException.ThrowIfNull(handle);
        return AddHandler<THandler>(responder, request, new TypedRequestHandler<THandler, TRequest, TReply>(responder, request, handle));
    }

    /// <summary>Adds a <see cref="RequestClient"/>, which any thread may ask: an endpoint of ASP.NET Core, too.</summary>
    /// <inheritdoc cref="AddStream(string, SocketType, Action{HostedSocketOptions{ZMQStreamOptions}}?)"
    ///     path="/*[not(@name='name' or @name='configure')]"/>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Says where it connects, and sets its options.</param>
    public HostedLoopBuilder AddRequestClient(string name, Action<HostedSocketOptions<RequestClientOptions>>? configure = null) =>
        AddRequestClient(name, new SocketRegistration<RequestClientOptions>(name, SocketType.Dealer, null, configure));

    /// <summary>Adds a <see cref="RequestClient"/> as a section of the configuration says.</summary>
    /// <inheritdoc cref="AddStream(string, IConfiguration, Action{HostedSocketOptions{ZMQStreamOptions}}?)"
    ///     path="/*[not(@name='name' or @name='section' or @name='configure')]"/>
    /// <param name="name">Its name.</param>
    /// <param name="section">The section.</param>
    /// <param name="configure">Goes after the section.</param>
    public HostedLoopBuilder AddRequestClient(
        string name, IConfiguration section, Action<HostedSocketOptions<RequestClientOptions>>? configure = null) =>
        AddRequestClient(name, new SocketRegistration<RequestClientOptions>(name, SocketType.Dealer, section, configure));

    private HostedLoopBuilder AddStream(
        string name, SocketRegistration<ZMQStreamOptions> registration, Func<IServiceProvider, ScopedHandler<IMessageHandler>>? handler) =>
        Add(name, provider => new HostedStream(Context(provider, name), registration.Build(StreamSettings.All), handler?.Invoke(provider)),
            static socket => socket.Stream);

    private HostedLoopBuilder AddResponder<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string name, SocketRegistration<ResponderOptions> registration) where THandler : class, IRequestHandler
    {
        AddResponder(name, registration);
        Services.TryAddScoped<THandler>();
        Services.AddSingleton<HostedRequestHandler>(new MessageRequestHandler<THandler>(
            name, null, static (handler, request, cancellation) => handler.HandleAsync(request, cancellation)));
        return this;
    }

    private HostedLoopBuilder AddResponder(string name, SocketRegistration<ResponderOptions> registration) => Add(
        name,
        provider => new HostedResponder(Context(provider, name), registration.Build(ResponderSettings.All),
            [.. provider.GetServices<HostedRequestHandler>().Where(handler => HostedSocket.AreSame(handler.Responder, name))]),
        static socket => socket.Responder);

    private HostedLoopBuilder AddRequestClient(string name, SocketRegistration<RequestClientOptions> registration) => Add(
        name, provider => new HostedRequestClient(Context(provider, name), registration.Build(RequestClientSettings.All)),
        static socket => socket.Client);

    private Func<IServiceProvider, ScopedHandler<IMessageHandler>> AddHandler<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>() where THandler : class, IMessageHandler
    {
        Services.TryAddScoped<THandler>();
        return ScopedHandler<IMessageHandler>.Of<THandler>;
    }

    private HostedLoopBuilder AddHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        string responder, string request, HostedRequestHandler handler) where THandler : class
    {
        ArgumentException.ThrowIfNullOrEmpty(responder);
        ArgumentException.ThrowIfNullOrEmpty(request);
        if (Services.Any(added => !added.IsKeyedService && added.ImplementationInstance is HostedRequestHandler one
            && HostedSocket.AreSame(one.Responder, responder) && one.Name == request))
            throw new ArgumentException($"Responder '{responder}' has a handler of '{request}' already.", nameof(request));
        Services.TryAddScoped<THandler>();
        Services.AddSingleton(handler);
        return this;
    }

    private bool IsAdded(string name) => Services.Any(added =>
        added.ServiceType == typeof(HostedSocket) && added.IsKeyedService && HostedSocket.AreSame(added.ServiceKey as string, name));

    /// <param name="name">Its name.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="face">What services get who ask for it.</param>
    private HostedLoopBuilder Add<TSocket, TFace>(string name, Func<IServiceProvider, TSocket> make, Func<TSocket, TFace> face)
        where TSocket : HostedSocket where TFace : class
    {
        if (IsAdded(name))
        {
            throw new ArgumentException(
                $"There is a stream, responder or request client of the name '{name}' already: services ask for them by their names, so "
                + "give this one another; or, where AddSockets has added that one, add this one before it.", nameof(name));
        }

        Services.AddKeyedSingleton<HostedSocket>(name, (provider, _) => make(provider));
        Services.AddSingleton(provider => provider.GetRequiredKeyedService<HostedSocket>(name)); // one of all
        Services.AddKeyedSingleton(name, (provider, key) => face((TSocket)provider.GetRequiredKeyedService<HostedSocket>(key)));
        // Of a section, what has spelled it last gives the name: the environment, in which capitals are usual.
        Services.TryAddKeyedSingleton(KeyedService.AnyKey, (provider, key) => face(Find<TSocket>(provider, key, typeof(TFace).Name)));
        return this;
    }

    private static TSocket Find<TSocket>(IServiceProvider provider, object? key, string kind) where TSocket : HostedSocket
    {
        TSocket[] all = [.. provider.GetServices<HostedSocket>().OfType<TSocket>()];
        return Array.Find(all, socket => HostedSocket.AreSame(socket.Name, key as string)) ?? throw new InvalidOperationException(
            $"There is no {kind} of the name '{key}': added are {string.Join(", ", all.Select(static socket => $"'{socket.Name}'"))}.");
    }

    private SocketContext Context(IServiceProvider provider, string name) => new(
        name, provider.GetRequiredKeyedService<HostedLoop>(Name), provider);
}
