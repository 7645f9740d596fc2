"""The common model: vacancies, programmes and their blocks."""
