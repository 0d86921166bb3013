namespace Wharf.Server.Admin;

/// <summary>Marks the connections of the admin port. What a request says of where it goes, its client has chosen; what it came in by, nobody can.</summary>
internal sealed class AdminConnection
{
    /// <summary>The mark.</summary>
    public static readonly AdminConnection Mark = new();

    private AdminConnection()
    {
    }

    /// <summary>Whether a request came in by the admin port.</summary>
    public static bool Carries(HttpContext request) => request.Features.Get<AdminConnection>() is not null;
}
