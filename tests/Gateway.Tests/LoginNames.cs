using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Wharf.Gateway.Authentication;

namespace Wharf.Gateway.Tests;

/// <summary>The names that handlers of logins return.</summary>
public sealed class LoginNames
{
    [Fact]
    public async Task A_login_whose_user_is_not_a_name_is_refused()
    {
        await using var server = new Server([], static services => services.AddSingleton<IAuthenticationHandler>(new Echoing()));
        await server.InitializeAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(() => server.LoginAsync("Echoing a\\u202eb"));
        Assert.Equal((StatusCode.InvalidArgument, "The user name has the character U+202E; a name is printable text"), (refused.StatusCode, refused.Status.Detail));
        refused = await Assert.ThrowsAsync<RpcException>(() => server.LoginAsync("Echoing " + new string('u', 257)));
        Assert.Equal((StatusCode.InvalidArgument, "The user name is longer than 256 bytes"), (refused.StatusCode, refused.Status.Detail));
        (await server.LoginAsync("Echoing " + new string('u', 256))).Dispose();
    }

    /// <summary>Accepts every login, as the user that the payload names; an escape stands for the character that a header cannot have.</summary>
    private sealed class Echoing : IAuthenticationHandler
    {
        public string Name => nameof(Echoing);

        public ValueTask<string?> AuthenticateAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
            ValueTask.FromResult<string?>(System.Text.RegularExpressions.Regex.Unescape(System.Text.Encoding.ASCII.GetString(payload.Span)));
    }
}
