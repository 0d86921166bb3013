using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace Wharf.Protocol.Tests;

public sealed partial class SessionTokens
{
    private static readonly byte[] FirstKey = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];
    private static readonly byte[] SecondKey = [.. Enumerable.Range(100, 48).Select(number => (byte)number)];

    private static readonly SessionTokenSigner Signer = new([FirstKey]);

    private static readonly Gen<SessionTokenClaims> Claims = Gen.Select(
        TicketGenerators.AnyName.Where(name => Encoding.UTF8.GetByteCount(name) <= SessionTokenSigner.MaxSessionIdBytes), Gen.Long, Gen.Long,
        (id, issued, deadline) => new SessionTokenClaims(id, issued, deadline));

    [Fact]
    public void A_signed_token_is_verified_and_read() =>
        Claims.Sample(claims => Signer.TryVerify(Signer.Sign(claims), out var read) && read == claims);

    [Fact]
    public void Equal_claims_give_equal_tokens() => Claims.Sample(claims => new SessionTokenSigner([[.. FirstKey]]).Sign(claims with { }) == Signer.Sign(claims));

    [Fact]
    public void A_token_fits_a_cookie() => Claims.Sample(claims => CookieSafe().IsMatch(Signer.Sign(claims)));

    [Fact]
    public void The_longest_session_id_still_fits()
    {
        var claims = new SessionTokenClaims(new string('s', SessionTokenSigner.MaxSessionIdBytes), long.MinValue, long.MaxValue);
        var token = Signer.Sign(claims);
        Assert.InRange(token.Length, 1, SessionTokenSigner.MaxTokenLength);
        Assert.True(Signer.TryVerify(token, out var read));
        Assert.Equal(claims, read);
    }

    [Fact]
    public void Every_flipped_bit_of_a_token_is_refused() =>
        Claims.Sample(claims =>
        {
            var token = Signer.Sign(claims).ToCharArray();
            for (int place = 0; place < token.Length; place++)
            {
                for (int bit = 0; bit < 16; bit++)
                {
                    token[place] ^= (char)(1 << bit);
                    if (Signer.TryVerify(new string(token), out _))
                        return false;
                    token[place] ^= (char)(1 << bit);
                }
            }
            return true;
        }, iter: 20);

    [Fact]
    public void Nothing_may_be_added_to_a_token_or_left_out() =>
        Gen.Select(Claims, Gen.Int[0, 200], Gen.OneOf("A", "=", " ", "\n", ".", "A=", "-_")).Sample((claims, place, added) =>
        {
            var token = Signer.Sign(claims);
            place %= token.Length;
            return !Signer.TryVerify(token.Insert(place, added), out _) && !Signer.TryVerify(token + added, out _) && !Signer.TryVerify(token.Remove(place, 1), out _);
        });

    [Fact]
    public void A_token_of_another_key_is_refused() => Claims.Sample(claims => !Signer.TryVerify(new SessionTokenSigner([SecondKey]).Sign(claims), out _));

    [Fact]
    public void The_first_key_signs_and_all_verify() =>
        Claims.Sample(claims =>
        {
            var rotated = new SessionTokenSigner([SecondKey, FirstKey]);
            return rotated.TryVerify(Signer.Sign(claims), out var read) && read == claims
                && rotated.Sign(claims) == new SessionTokenSigner([SecondKey]).Sign(claims);
        });

    [Fact]
    public void A_key_that_is_changed_later_changes_nothing()
    {
        byte[] key = [.. FirstKey];
        var signer = new SessionTokenSigner([key]);
        var claims = new SessionTokenClaims("s", 1, 2);
        Array.Clear(key);
        Assert.Equal(Signer.Sign(claims), signer.Sign(claims));
    }

    [Fact]
    public void Garbage_is_refused_without_an_exception() =>
        Gen.OneOf(Gen.String, TicketGenerators.Text, TicketGenerators.Text.Select(text => "w1." + text), Gen.Byte.Array[0, 150].Select(bytes => "w1." + System.Buffers.Text.Base64Url.EncodeToString(bytes)))
            .Sample(text => !Signer.TryVerify(text, out var claims) && claims is null);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("w1.")]
    [InlineData("w1")]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef")]
    public void Text_that_is_no_token_is_refused(string? text) => Assert.False(Signer.TryVerify(text, out _));

    [Fact]
    public void A_huge_text_is_refused_before_anything_is_allocated_for_it()
    {
        var text = "w1." + new string('A', 10_000_000);
        Signer.TryVerify(text, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(Signer.TryVerify(text, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    [Fact]
    public void Keys_are_long_enough_or_refused()
    {
        Assert.Throws<ArgumentException>(() => new SessionTokenSigner([]));
        Assert.Throws<ArgumentException>(() => new SessionTokenSigner([new byte[31]]));
        Assert.Throws<ArgumentException>(() => new SessionTokenSigner([FirstKey, new byte[31]]));
    }

    [Fact]
    public void A_session_id_that_does_not_fit_is_refused_when_signing()
    {
        Assert.Throws<ArgumentException>(() => Signer.Sign(new("", 0, 0)));
        Assert.Throws<ArgumentException>(() => Signer.Sign(new(new string('s', SessionTokenSigner.MaxSessionIdBytes + 1), 0, 0)));
        Assert.Throws<ArgumentException>(() => Signer.Sign(new("\ud800", 0, 0)));
    }

    [Fact]
    public void The_form_of_a_token_does_not_change_from_version_to_version() =>
        Assert.Equal("w1.AAABi8_laAAAAAGLz-n74NYri9OyWXVRwCSzS1nreVh3DM--619D-g6653gN2J9Uc2Vzc2lvbg", Signer.Sign(new("session", 1_700_000_000_000, 1_700_000_300_000)));

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,200}\z")]
    private static partial Regex CookieSafe();
}
