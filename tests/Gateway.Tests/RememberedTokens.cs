using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Authentication;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;
using Wharf.Protocol;

namespace Wharf.Gateway.Tests;

/// <summary>A token that was found good once is not checked again, and is worth no more for it.</summary>
public sealed class RememberedTokens : IDisposable
{
    private static readonly CallerIdentity Ann = new("ann", "session-1", "psk");

    private readonly FakeTimeProvider _time = new();
    private readonly SessionTokens _tokens;

    public RememberedTokens() => _tokens = new SessionTokens(new SessionTokenSigner([new byte[32]]), _time);

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => _tokens.Dispose();

    [Fact]
    public void One_that_was_good_is_good_until_its_deadline()
    {
        string token = _tokens.Write(new SessionStatus(Ann, Now, Now + 1000));

        Assert.Equal("session-1", _tokens.SessionOf(token));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal("session-1", _tokens.SessionOf(token));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_tokens.SessionOf(token));
        Assert.True(_tokens.IsWellFormed(token));
    }

    [Fact]
    public void Whatever_differs_from_it_in_one_character_is_none()
    {
        string token = _tokens.Write(new SessionStatus(Ann, Now, Now + 1000));
        Assert.Equal("session-1", _tokens.SessionOf(token));

        for (int n = 0; n < token.Length; n++)
        {
            string other = token[..n] + (token[n] == 'A' ? 'B' : 'A') + token[(n + 1)..];
            Assert.Null(_tokens.SessionOf(other));
            Assert.False(_tokens.IsWellFormed(other));
        }

        Assert.Equal("session-1", _tokens.SessionOf(token));
    }

    [Fact]
    public void One_that_others_signed_is_none_however_often_it_is_shown()
    {
        var others = new SessionTokenSigner([[.. Enumerable.Repeat((byte)1, 32)]]);
        string token = others.Sign(new SessionTokenClaims("session-1", Now, Now + 1000));

        Assert.Null(_tokens.SessionOf(token));
        Assert.Null(_tokens.SessionOf(token));
    }

    [Fact]
    public void A_session_is_told_its_new_token_as_soon_as_there_is_one()
    {
        var session = new RecentSession(grain: null!, Ann, _tokens);
        var first = new SessionStatus(Ann, Now, Now + 1000);
        var second = new SessionStatus(Ann, Now + 200, Now + 1200);

        Assert.Equal(_tokens.Write(first), session.Token(first));
        Assert.Equal(_tokens.Write(first), session.Token(first with { }));
        Assert.Equal(_tokens.Write(second), session.Token(second));
        Assert.NotEqual(session.Token(first), session.Token(second));
    }
}
