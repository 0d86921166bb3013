namespace Wharf.Gateway.Authentication;

/// <summary>A fact about an RPC, stated on the handler's method. It becomes metadata of the endpoint.</summary>
internal abstract class CallAttribute : Attribute;

/// <summary>The call is admitted without a session. A handler that needs one after it has validated the request calls <c>RequireSession</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NoSessionAttribute : CallAttribute;

/// <summary>
/// The handler only submits an operation to its session. The result of the submission includes the session's status and token, so the session is not checked before. The response of a call
/// whose session has ended is replaced by UNAUTHENTICATED.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DeferredSessionCheckAttribute : CallAttribute;

/// <summary>The call requires the permission for an action without a target. It is checked before the handler runs.</summary>
/// <param name="action">The action: one of <see cref="GatewayActions"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresAttribute(string action) : CallAttribute
{
    /// <summary>The action.</summary>
    public string Action { get; } = action;
}

/// <summary>The handler authorizes these actions for targets of the request, and no others.</summary>
/// <param name="actions">The actions: constants of <see cref="GatewayActions"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AuthorizesAttribute(params string[] actions) : CallAttribute
{
    /// <summary>The actions.</summary>
    public IReadOnlyList<string> Actions { get; } = actions;
}

/// <summary>The call requires no permission.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NoPermissionAttribute : CallAttribute;

/// <summary>A call of health or reflection. It is admitted without a session, also while the server stops and on a silo without a gateway.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InfrastructureCallAttribute : CallAttribute;

/// <summary>Names the methods of a service that are not served and report that without a session.</summary>
/// <param name="methods">The names of the methods.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class UnservedWithoutSessionAttribute(params string[] methods) : Attribute
{
    /// <summary>The names of the methods.</summary>
    public IReadOnlyList<string> Methods { get; } = methods;
}
