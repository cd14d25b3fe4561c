"""VacationResponse (rfc8621#8): the one automatic reply of an account."""
