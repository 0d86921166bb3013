using Grpc.Core;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Security.Authorization;

/// <summary>Checks calls that the authorizer refuses.</summary>
internal static class Refused
{
    /// <summary>The call fails with PERMISSION_DENIED.</summary>
    /// <returns>The text.</returns>
    public static async Task<string> ByAuthorizerAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAnyAsync<RpcException>(call);
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        return refused.Status.Detail;
    }
}
