using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans;
using Orleans.Runtime;
using Wharf.Gateway.Authentication;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Tests;

/// <summary>A login while some nodes do not answer.</summary>
public sealed class SessionAttempts
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly Factory _grains = (Factory)DispatchProxy.Create<IGrainFactory, Factory>();
    private readonly SessionStarts _starts;

    public SessionAttempts() => _starts = new SessionStarts((IGrainFactory)(object)_grains, _time, NullLogger<SessionStarts>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_that_is_answered_is_made_once()
    {
        _grains.Next = static session => session.Answer();
        var (_, status) = await LoginAsync();
        Assert.Equal(Assert.Single(_grains.Sessions).Id, status.Caller.SessionId);
        _time.Advance(SessionStarts.Limit);
        Assert.False(_grains.Sessions[0].IsClosed);
    }

    [Fact]
    public async Task A_login_that_is_not_answered_is_made_again_and_its_late_session_ends()
    {
        var login = LoginAsync();
        Assert.Single(_grains.Sessions);
        _time.Advance(SessionStarts.FirstWait);
        await UntilAsync(() => _grains.Sessions.Count == 2);
        _grains.Sessions[1].Answer();
        Assert.Equal(_grains.Sessions[1].Id, (await login.WaitAsync(Patience, Token)).Status.Caller.SessionId);
        Assert.False(_grains.Sessions[0].IsClosed);
        _grains.Sessions[0].Answer();
        await UntilAsync(() => _grains.Sessions[0].IsClosed);
        Assert.False(_grains.Sessions[1].IsClosed);
    }

    [Fact]
    public async Task A_login_whose_node_is_lost_is_made_again_at_once()
    {
        _grains.Next = static session =>
        {
            if (session.Number == 1)
                session.Fail(new SiloUnavailableException());
            else
                session.Answer();
        };
        var (_, status) = await LoginAsync();
        Assert.Equal(2, _grains.Sessions.Count);
        Assert.Equal(_grains.Sessions[1].Id, status.Caller.SessionId);
    }

    [Fact]
    public async Task A_refused_login_is_not_made_again()
    {
        _grains.Next = static session => session.Fail(new FaultException(FaultCode.ResourceExhausted, "full"));
        Assert.Equal(FaultCode.ResourceExhausted, (await Assert.ThrowsAsync<FaultException>(LoginAsync)).Fault.Code);
        Assert.Single(_grains.Sessions);
    }

    [Fact]
    public async Task A_login_that_no_node_answers_fails_after_its_limit()
    {
        var login = LoginAsync();
        var begun = _time.GetTimestamp();
        while (!login.IsCompleted && _time.GetElapsedTime(begun) < 2 * SessionStarts.Limit)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
        }

        Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => login)).Fault.Code);
        Assert.Equal(SessionStarts.MaxAttempts, _grains.Sessions.Count);
    }

    private Task<(ISessionGrain Grain, SessionStatus Status)> LoginAsync() =>
        _starts.BeginAsync(static id => new SessionLogin(new CallerIdentity("user", id, "scheme"), "address", TimeSpan.FromMinutes(5)), Token);

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
    }

    public class Factory : DispatchProxy
    {
        internal List<SessionUnderTest> Sessions { get; } = [];

        internal Action<SessionUnderTest> Next { get; set; } = static _ => { };

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var session = new SessionUnderTest((string)args![0]!, Sessions.Count + 1);
            Next(session);
            Sessions.Add(session);
            var grain = DispatchProxy.Create<ISessionGrain, Grain>();
            ((Grain)(object)grain).Session = session;
            return grain;
        }
    }

    public class Grain : DispatchProxy
    {
        internal SessionUnderTest Session { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(ISessionGrain.LoginAsync))
                return Session.Status;
            Session.IsClosed |= targetMethod.Name == nameof(ISessionGrain.CloseAsync);
            return Task.CompletedTask;
        }
    }

    internal sealed class SessionUnderTest(string id, int number)
    {
        private readonly TaskCompletionSource<SessionStatus> _status = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Id => id;

        public int Number => number;

        public volatile bool IsClosed;

        public Task<SessionStatus> Status => _status.Task;

        public void Answer() => _status.SetResult(new SessionStatus(new CallerIdentity("user", id, "scheme"), 0, 0));

        public void Fail(Exception exception) => _status.SetException(exception);
    }
}
