namespace Wharf.Server.Admin;

/// <summary>Marks the connections of the admin port. A client can choose the host name of a request, but not the feature of its connection.</summary>
internal sealed class AdminConnection
{
    /// <summary>The feature of the connections.</summary>
    public static readonly AdminConnection Instance = new();

    private AdminConnection()
    {
    }

    /// <summary>Whether a request was received on the admin port.</summary>
    public static bool IsAdmin(HttpContext request) => request.Features.Get<AdminConnection>() is not null;
}
