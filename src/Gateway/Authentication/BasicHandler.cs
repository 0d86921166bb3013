using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Wharf.Grains;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Logins by user name and password, which a file lists. Verifying a password is expensive, so the number of concurrent verifications is limited.</summary>
internal sealed class BasicHandler(UsersFile users, int checksAtOnce) : IAuthenticationHandler, IDisposable
{
    // Logins beyond this queue length are refused with RESOURCE_EXHAUSTED.
    private const int MaxWaiting = 256;

    private readonly SemaphoreSlim _slots = new(checksAtOnce);
    private int _waiting;

    public string Name => LoginSchemes.Basic;

    /// <summary>Encodes a name and a password as a payload.</summary>
    public static byte[] Encode(string user, string password) => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public async ValueTask<string?> AuthenticateAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (Decode(payload.Span) is not var (user, password))
            return null;
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new FaultException(FaultCode.ResourceExhausted, "Too many logins at once; try again");
        }
        try
        {
            await _slots.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => users.Matches(user, password), cancellationToken) ? user : null;
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public async ValueTask<AuthenticatedPrincipal?> LoginAsync(LoginRequest attempt, CancellationToken cancellationToken) =>
        await AuthenticateAsync(attempt.Payload, cancellationToken) is { } user ? new AuthenticatedPrincipal(user) { Roles = users.RolesOf(user) } : null;

    public void Dispose() => _slots.Dispose();

    private static (string User, string Password)? Decode(ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(payload.Length)];
        if (payload.IsEmpty || Base64.DecodeFromUtf8(payload, bytes, out _, out int length) != OperationStatus.Done)
            return null;
        if (!System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, length)))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }
}
