using System.Globalization;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;

namespace Wharf.Client;

/// <summary>
/// A session of a server, with its exports, open streams and tables. The session is renewed until it is closed. Thread-safe.
/// </summary>
public sealed partial class Session : IAsyncDisposable
{
    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel _channel;
    private readonly TokenInterceptor _token;
    private readonly SessionOptions _options;
    private readonly CallGuard _calls;
    private readonly KeepAlive _keepAlive;
    private readonly CancellationTokenSource _ended = new();
    private readonly SessionService.SessionServiceClient _sessions;
    private int _closed;

    private Session(
        GrpcChannel channel, TokenInterceptor token, CallInvoker invoker, IReadOnlyDictionary<string, string> configuration,
        SessionOptions options,
        ClientTelemetry telemetry, CallGuard calls)
    {
        _channel = channel;
        _token = token;
        _options = options;
        _calls = calls;
        Telemetry = telemetry;
        CallInvoker = invoker;
        Configuration = configuration;
        Duration = ReadDuration(configuration);
        _sessions = new(invoker);
        _keepAlive = new(RenewAsync, Duration / 2, options.TimeProvider, telemetry, OnLost);
    }

    /// <summary>The configuration that the server sent at login.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; }

    /// <summary>The time after which the server ends a session without calls. The client renews the session twice as often.</summary>
    public TimeSpan Duration { get; }

    /// <summary>
    /// The call invoker of the session, for calls without a method here: a generated client that uses it calls within this session, without
    /// time limits, and throws plain <see cref="RpcException"/>s.
    /// </summary>
    public CallInvoker CallInvoker { get; }

    /// <summary>Cancelled when the session has ended: closed here, or ended by the server.</summary>
    public CancellationToken Ended => _ended.Token;

    internal ClientTelemetry Telemetry { get; }

    /// <summary>Logs in.</summary>
    /// <param name="address">The server, for example <c>http://localhost:10000</c>.</param>
    /// <param name="credentials">The credentials.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The session.</returns>
    /// <exception cref="WharfException">
    /// The server rejected the login (UNAUTHENTICATED) or cannot be reached (UNAVAILABLE, with the address and the likely cause), or its
    /// response has no token.
    /// </exception>
    /// <exception cref="ArgumentException">An option is invalid; the exception names it.</exception>
    public static async Task<Session> ConnectAsync(
        Uri address, Credentials credentials, SessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(credentials);
        options ??= new();
        options.Validate();
        var channel = GrpcChannel.ForAddress(address, new()
        {
            HttpHandler = options.HttpHandler ?? new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
            DisposeHttpClient = options.HttpHandler is null,
            MaxReceiveMessageSize = options.MaxReceiveMessageBytes,
        });
        try
        {
            var token = new TokenInterceptor(credentials);
            var invoker = channel.Intercept(token);
            var telemetry = new ClientTelemetry(options);
            var calls = new CallGuard(options, telemetry);
            var configuration = await LoginAsync(address, invoker, calls, options, cancellationToken).ConfigureAwait(false);
            if (!token.HasToken)
                throw new WharfException($"{address} answered the login without a token in the header '{WireHeaders.Authorization}'");
            var session = new Session(channel, token, invoker, configuration, options, telemetry, calls);
            telemetry.Opened(address, credentials.Scheme, session.Duration);
            return session;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>Ends the session on the server, with its exports and streams. Further calls have no effect.</summary>
    /// <param name="cancellationToken">
    /// The token to monitor for cancellation requests. After cancellation, the client's side is closed nevertheless.
    /// </param>
    /// <returns>A task that completes when the server has ended the session.</returns>
    /// <exception cref="WharfException">The server did not end the session, which expires later.</exception>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        await _keepAlive.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _calls.RunAsync(token => _sessions.CloseSessionAsync(new(), cancellationToken: token), ticket: null, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            _token.Close();
            await _ended.CancelAsync().ConfigureAwait(false);
            _channel.Dispose();
            Telemetry.Closed();
        }
    }

    /// <summary>Closes the session, and waits a few seconds for the server.</summary>
    /// <returns>A task that completes when the session is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(CloseLimit, _options.TimeProvider);
        try
        {
            await CloseAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception unanswered) when (unanswered is RpcException or OperationCanceledException)
        {
            // The session expires on the server.
        }
    }

    /// <summary>Renews the session by a call. The session also renews itself.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task that completes when the server has answered.</returns>
    public Task RenewAsync(CancellationToken cancellationToken = default) =>
        _calls.RunAsync(token => GetConfiguration(CallInvoker, token), ticket: null, cancellationToken);

    private Task RenewAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _calls.RunAsync(token => GetConfiguration(CallInvoker, token), ticket: null, limit, cancellationToken, nameof(RenewAsync));

    private static async Task<IReadOnlyDictionary<string, string>> LoginAsync(
        Uri address, CallInvoker invoker, CallGuard calls, SessionOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var response = await calls.RunAsync(
                token => GetConfiguration(invoker, token), ticket: null, options.ConnectTimeout, cancellationToken, nameof(LoginAsync))
                .ConfigureAwait(false);
            return response.ConfigValues.ToDictionary(entry => entry.Key, entry => entry.Value.StringValue);
        }
        catch (WharfException refused) when (refused.StatusCode == StatusCode.Unauthenticated)
        {
            throw new WharfException(refused.StatusCode, refused.Status.Detail, ticket: null, StatusAdvice.Login, refused);
        }
        catch (WharfException failed)
        {
            throw ConnectionFailure.Explain(failed, address);
        }
    }

    private static AsyncUnaryCall<ConfigurationConstantsResponse> GetConfiguration(
        CallInvoker invoker, CancellationToken cancellationToken) =>
        new ConfigService.ConfigServiceClient(invoker).GetConfigurationConstantsAsync(new(), cancellationToken: cancellationToken);

    private static TimeSpan ReadDuration(IReadOnlyDictionary<string, string> configuration) =>
        configuration.TryGetValue(WireNames.SessionDurationMilliseconds, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
                && milliseconds is > 1 and < int.MaxValue
            ? TimeSpan.FromMilliseconds(milliseconds)
            : DefaultDuration;

    private void OnLost()
    {
        Telemetry.Lost();
        _ended.Cancel();
    }
}
